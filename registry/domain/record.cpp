#include "registry/domain/record.h"

#include "registry/domain/text.h"

namespace chucai {

const Field* RecordType::field(std::string_view field_name) const {
  for (const Field& candidate : fields) {
    if (candidate.name == field_name) return &candidate;
  }
  return nullptr;
}

std::string to_text(const Value& value) {
  struct Writer {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(Date date) const { return to_text(date); }
    std::string operator()(const std::vector<std::string>& list) const { return join_list(list); }
  };
  return std::visit(Writer{}, value);
}

std::vector<std::string_view> changed_fields(const RecordType& type, const Record& before,
                                             const Record& after) {
  std::vector<std::string_view> names;
  for (const Field& field : type.fields) {
    if (field.get(before) != field.get(after)) names.push_back(field.name);
  }
  if (before.extra != after.extra) names.push_back("extra");
  return names;
}

}  // namespace chucai
