// The only JSON parser of the program: what arrives from outside becomes a JsonValue or an error,
// never a crash. RapidJSON does the lexing; limits, duplicates, numbers and text are checked here,
// because its own defaults let them pass (nesting overflows the stack, the first of two equal keys
// wins, exponents hit CVE-2024-38517, integers past 64 bits turn into doubles).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "registry/domain/result.h"

namespace chucai {

/// A template only so that JsonValue can hold members of its own, still incomplete, type.
template <class Value>
struct NamedValue {
  std::string name;
  Value value;

  bool operator==(const NamedValue&) const = default;
};
using JsonMember = NamedValue<struct JsonValue>;

/// A parsed value. Text is UTF-8 without U+0000; object members keep their order and are unique.
/// A whole number past int64 is held as a double, so that integer fields refuse it.
struct JsonValue {
  using Array = std::vector<JsonValue>;
  using Object = std::vector<JsonMember>;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data{};

  bool is_null() const { return std::holds_alternative<std::monostate>(data); }
  /// The alternative T, or null when it is another one.
  template <class T>
  const T* as() const {
    return std::get_if<T>(&data);
  }
  /// The member called `name`, or null when it is absent or this is no object. Linear.
  const JsonValue* member(std::string_view name) const;

  bool operator==(const JsonValue&) const;
};

/// What a document may hold. Depth counts open objects and arrays; members and elements are counted
/// per container.
struct JsonLimits {
  std::size_t bytes = 1 << 20;
  std::size_t depth = 32;
  std::size_t members = 10'000;
  std::size_t text_bytes = 64 << 10;
};

/// Parses one document. Errors (`where` is the JSON pointer, RFC 6901): TooLarge json.too_large;
/// InvalidArgument json.utf8, .syntax (line, column), .too_deep, .too_many, .text_too_long,
/// .duplicate, .number, .nul. Cost: linear, stack use constant.
Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Appends one reference token to a JSON pointer, with ~ and / escaped.
std::string json_pointer(std::string_view parent, std::string_view token);

/// Reads the members of one object and records every problem with its pointer, so that a caller
/// hears of all of them at once:
///
///     std::vector<Problem> problems;
///     JsonFields fields(document, "", problems);
///     const auto name = fields.text("name", Presence::Required);
///     fields.refuse_unknown();
///     if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
///
/// `value` and `problems` must outlive it. A JSON null counts as absent.
class JsonFields {
 public:
  enum class Presence { Optional, Required };

  JsonFields(const JsonValue& value, std::string pointer, std::vector<Problem>& problems);

  std::optional<std::string> text(std::string_view name, Presence presence = Presence::Optional);
  std::optional<std::int64_t> integer(std::string_view name,
                                      Presence presence = Presence::Optional);
  /// Whole numbers are numbers too.
  std::optional<double> number(std::string_view name, Presence presence = Presence::Optional);
  std::optional<bool> boolean(std::string_view name, Presence presence = Presence::Optional);
  std::optional<std::vector<std::string>> texts(std::string_view name,
                                                Presence presence = Presence::Optional);
  /// The member whatever its type, JSON null included; null when absent. It counts as known.
  const JsonValue* take(std::string_view name);

  /// Records json.unknown for each member that no call above has asked for.
  void refuse_unknown();
  /// Records a problem of the member `name`.
  void report(std::string_view name, std::string reason, std::vector<std::string> params = {});

 private:
  template <class T>
  const T* typed(std::string_view name, Presence presence, std::string_view reason);
  const JsonValue* present(std::string_view name, Presence presence);

  const JsonValue::Object* members_ = nullptr;  // null: the value is no object, reported already
  std::vector<bool> known_;                     // known_[i] belongs to (*members_)[i]
  std::string pointer_;
  std::vector<Problem>& problems_;
};

}  // namespace chucai
