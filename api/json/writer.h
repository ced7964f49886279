// Writes JSON in the order of the calls, straight into a string: no tree in between. Text that is
// not UTF-8 is mended (U+FFFD) and a number that JSON cannot say becomes null, so that what leaves
// is always JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chucai {

/// Objects and arrays must be closed in the order opened, and every object value follows its key;
/// breaking that is a bug (asserted), not an error. One thread.
///
///     JsonWriter json;
///     json.begin_object().field("name", "张三").field("days", std::int64_t{5}).end_object();
///     std::string body = std::move(json).take();
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(JsonWriter&&) noexcept;
  JsonWriter& operator=(JsonWriter&&) noexcept;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  /// So that a literal does not turn into a bool.
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  /// The shortest text that reads back as the same double; null for NaN and infinities.
  JsonWriter& value(double number);
  /// Always six decimals, so that a ratio of two short times loses no digits; not NaN or infinite.
  JsonWriter& seconds(double number);
  JsonWriter& value(bool flag);
  JsonWriter& value(const std::vector<std::string>& texts);
  JsonWriter& null();

  /// key() and value() in one.
  template <class T>
  JsonWriter& field(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  /// What has been written; complete once everything opened is closed.
  std::string take() &&;

 private:
  struct Output;
  std::unique_ptr<Output> output_;
};

}  // namespace chucai
