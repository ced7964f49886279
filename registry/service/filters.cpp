#include "registry/service/filters.h"

#include <algorithm>
#include <charconv>

#include "registry/domain/region_map.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

// {"0111", "0112"} for 0111: the code and all codes that begin with it.
CodeRange prefix_range(std::string_view first, std::string_view last) {
  std::string below(last);
  ++below.back();
  return {std::string(first), std::move(below)};
}

// A section of the industry code is a letter and its divisions are numbers without a gap.
std::vector<CodeRange> tree_ranges(const CodeBook& codes, std::string_view scheme,
                                   std::string_view code) {
  if (scheme == "region") return {subtree(code)};
  std::vector<CodeRange> ranges = {prefix_range(code, code)};
  std::string_view first;
  std::string_view last;
  for (const Term* term : codes.terms(scheme)) {
    if (term->parent != code || term->code.starts_with(code)) continue;
    if (first.empty() || term->code < first) first = term->code;
    if (last.empty() || term->code > last) last = term->code;
  }
  if (!first.empty()) ranges.push_back(prefix_range(first, last));
  return ranges;
}

bool is_tree(std::string_view scheme) {
  return one_of(scheme, {"region", "industry", "discipline"});
}

std::optional<Value> value_of(const Field& field, std::string_view text) {
  switch (field.type) {
    case FieldType::Text:
    case FieldType::Code:
    case FieldType::List:
      return Value{std::string(text)};
    case FieldType::Integer: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
      return Value{number};
    }
    case FieldType::Ref:
      if (const auto id = parse_id(text)) return Value{*id};
      return std::nullopt;
    case FieldType::Date:
      if (const auto date = parse_date(text)) return Value{*date};
      return std::nullopt;
    case FieldType::Sealed:
      break;
  }
  return std::nullopt;
}

bool takes_part(const RecordType& type) {
  return one_of(type.name, {"person", "organization", "project"});
}

}  // namespace

Result<Filter> make_filter(const CodeBook& codes, const RecordType& type, std::string_view name,
                           std::string_view text) {
  const auto refused = [&] {
    return fail(ErrorCode::InvalidArgument, "query.parameter", std::string(name));
  };
  if (text.empty()) return refused();
  const Field* const field = type.field(name);
  if (!field && name == "program" && takes_part(type)) {
    return Filter{nullptr, Value{std::string(text)}, {}};
  }
  if (!field) return refused();
  if (field->type == FieldType::Code && is_tree(field->scheme)) {
    return Filter{field, Value{std::string(text)}, tree_ranges(codes, field->scheme, text)};
  }
  const auto value = value_of(*field, text);
  if (!value) return refused();
  return Filter{field, *value, {}};
}

}  // namespace chucai
