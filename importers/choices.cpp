#include "importers/choices.h"

namespace chucai::importers {
namespace {

std::vector<std::string> terms_in_force(const CodeBook& codes, std::string_view scheme) {
  std::vector<std::string> names;
  for (const Term* term : codes.terms(scheme)) {
    if (!term->retired()) names.push_back(term->shown());
  }
  return names;
}

std::vector<std::string> places(const RegionMap& regions) {
  std::vector<std::string> names;
  for (const std::string& unit : regions.units()) names.push_back(regions.full_name(unit));
  for (const std::string& county : regions.counties()) {
    if (regions.unit_of(county) != county) names.push_back(regions.full_name(county));
  }
  return names;
}

}  // namespace

Choices choices_of(const Kind& kind, const Column& column, const CodeBook& codes,
                   const RegionMap& regions) {
  const Field* field = kind.type().field(column.field);
  switch (column.reading) {
    case Reading::Code:
      return {terms_in_force(codes, field->scheme), OtherText::Asked};
    case Reading::CodeList:
      return {terms_in_force(codes, field->scheme), OtherText::Allowed};
    case Reading::MilestoneStatus:
      return {terms_in_force(codes, "milestone_status"), OtherText::Asked};
    case Reading::RegionName:
    case Reading::RegionList:
      return {places(regions), OtherText::Allowed};
    default:
      return {};
  }
}

}  // namespace chucai::importers
