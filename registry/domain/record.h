// Records described once. Every record type is a plain struct whose fields are listed in one table
// (RecordType). The store, the JSON codec, the importer, the exporter, the history and the field
// policy all walk that table, so that a new field is a line here and a column in migrations/.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "registry/domain/date.h"
#include "registry/domain/ids.h"

namespace chucai {

/// A field's value outside its struct. monostate: absent (blank text, unknown date, empty list).
using Value =
    std::variant<std::monostate, std::string, std::int64_t, Date, std::vector<std::string>>;

/// How a field is written, checked and compared.
enum class FieldType {
  Text,     ///< UTF-8, trimmed
  Code,     ///< code of the field's scheme (region, industry, ...) or one of a closed set
  List,     ///< several texts, or several codes when the field has a scheme
  Date,     ///< with its precision
  Integer,  ///< whole number; money is fen
  Ref,      ///< id of another record; `scheme` names its type
  Sealed,   ///< identity number: sealed at rest, found by blind index, masked in views
};

/// Who may see a field in full; api views mask or drop it otherwise.
enum class Sensitivity { Public, Personal, Contact, Secret };

/// What the generic layers need to know of one field.
struct Field {
  std::string_view name;  ///< SQL column, JSON member, problem path
  FieldType type;
  std::string_view scheme;  ///< code table, or record type of a Ref; empty otherwise
  bool required;            ///< a record without it is refused
  Sensitivity sensitivity;
  Value (*get)(const struct Record&);
  void (*set)(struct Record&, const Value&);  ///< the value's alternative must fit the type
};

/// What every record carries beside its own fields.
struct Record {
  std::int64_t id = 0;                       ///< 0: not stored yet
  std::int64_t version = 0;                  ///< grows by one with every change; 0: not stored yet
  std::int64_t created_at = 0;               ///< microseconds UTC
  std::int64_t updated_at = 0;               ///< microseconds UTC
  std::int64_t batch = 0;                    ///< import batch that created it; 0: none
  std::string office;                        ///< region of the office that keeps it
  std::map<std::string, std::string> extra;  ///< columns of a programme or office, kept as written

  virtual ~Record() = default;
  Record() = default;
  Record(const Record&) = default;
  Record(Record&&) = default;
  Record& operator=(const Record&) = default;
  Record& operator=(Record&&) = default;
  bool operator==(const Record&) const = default;
};

/// One record type: its names and its fields in the order in which they are shown.
struct RecordType {
  std::string_view name;        ///< singular, as in messages, references and the audit trail
  std::string_view table;       ///< SQL table
  std::string_view collection;  ///< URL segment and JSON collection
  std::string_view number;      ///< field that offices know the record by; empty: none
  std::string_view region;      ///< field that places it in somebody's scope; empty: province-wide
  std::span<const Field> fields;
  std::unique_ptr<Record> (*make)();
  /// What offices tell two records of the type apart by, unique in the register; empty: nothing.
  std::string (*natural_key)(const Record&);
  /// What the blind index of its Sealed field is made from; null for types without one.
  std::string (*identity_key)(const Record&) = nullptr;

  /// The field called `field_name`, or null.
  const Field* field(std::string_view field_name) const;
};

/// The type of R; specialised beside each record.
template <class R>
const RecordType& type_of();

/// Every record type, each before those that refer to it.
std::span<const RecordType* const> record_types();
/// The type called `name` ("person"), or null.
const RecordType* record_type(std::string_view name);

namespace detail {
template <class M>
struct MemberOf;
template <class R, class T>
struct MemberOf<T R::*> {
  using Owner = R;
  using Type = T;
};

template <class T>
Value to_value(const T& member) {
  if constexpr (requires { member.empty(); }) {  // text or list
    return member.empty() ? Value{} : Value{member};
  } else if constexpr (std::same_as<T, Date>) {
    return member ? Value{member} : Value{};
  } else if constexpr (std::same_as<T, std::optional<std::int64_t>>) {
    return member ? Value{*member} : Value{};
  } else {
    return member.value == 0 ? Value{} : Value{member.value};  // Id<R>
  }
}

template <class T>
void from_value(T& member, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    member = T{};
  } else if constexpr (std::same_as<T, std::optional<std::int64_t>>) {
    member = std::get<std::int64_t>(value);
  } else if constexpr (requires { member.value; }) {
    if constexpr (std::same_as<decltype(member.value), std::int64_t>) {
      member.value = std::get<std::int64_t>(value);
    }
  } else {
    member = std::get<T>(value);
  }
}
}  // namespace detail

/// Describes the struct member `Member` as a field, e.g.
/// `field<&Person::birth>("birth", FieldType::Date)`.
template <auto Member>
constexpr Field field(std::string_view name, FieldType type, std::string_view scheme = {},
                      bool required = false, Sensitivity sensitivity = Sensitivity::Public) {
  using Owner = typename detail::MemberOf<decltype(Member)>::Owner;
  return Field{
      name,
      type,
      scheme,
      required,
      sensitivity,
      [](const Record& r) { return detail::to_value(static_cast<const Owner&>(r).*Member); },
      [](Record& r, const Value& v) { detail::from_value(static_cast<Owner&>(r).*Member, v); }};
}

/// The record's id as one that only fits its own type.
template <class R>
Id<R> id_of(const R& record) {
  return Id<R>{record.id};
}

/// A value as one line of text, for history and comparison (lists joined by the ideographic comma).
std::string to_text(const Value& value);

/// Names of the fields in which two records of one type differ.
std::vector<std::string_view> changed_fields(const RecordType& type, const Record& before,
                                             const Record& after);

}  // namespace chucai
