#include "registry/domain/record.h"

#include <catch2/catch.hpp>
#include <set>

#include "registry/domain/engagement.h"
#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/program.h"

using namespace chucai;

namespace {
Value sample(FieldType type) {
  switch (type) {
    case FieldType::Text:
    case FieldType::Code:
    case FieldType::Sealed:
      return std::string("x");
    case FieldType::List:
      return std::vector<std::string>{"x", "y"};
    case FieldType::Date:
      return Date{2018, 5, 0};
    case FieldType::Integer:
    case FieldType::Ref:
      return std::int64_t{7};
  }
  return {};
}
}  // namespace

TEST_CASE("every field gives back what was set and can be emptied", "[domain]") {
  for (const RecordType* type : record_types()) {
    const auto record = type->make();
    for (const Field& field : type->fields) {
      INFO(type->name << "." << field.name);
      CHECK(field.get(*record) == Value{});
      field.set(*record, sample(field.type));
      CHECK(field.get(*record) == sample(field.type));
      field.set(*record, Value{});
      CHECK(field.get(*record) == Value{});
    }
  }
}

TEST_CASE("field names are unique and the number and region fields exist", "[domain]") {
  for (const RecordType* type : record_types()) {
    std::set<std::string_view> names;
    for (const Field& field : type->fields) names.insert(field.name);
    CHECK(names.size() == type->fields.size());
    CHECK((type->number.empty() || type->field(type->number)));
    CHECK((type->region.empty() || type->field(type->region)));
  }
}

TEST_CASE("a change names exactly the fields that differ", "[domain]") {
  Person before;
  before.name = "张三";
  Person after = before;
  after.phone = "13800000000";
  after.roles = {"talent"};
  CHECK(changed_fields(type_of<Person>(), before, after) ==
        std::vector<std::string_view>{"phone", "roles"});
  CHECK(changed_fields(type_of<Person>(), before, before).empty());
}
