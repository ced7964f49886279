#include "api/json/writer.h"

#include <rapidjson/writer.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include "registry/domain/text.h"

namespace chucai {
namespace {

struct StringStream {
  using Ch = char;
  std::string text;

  void Put(char c) { text += c; }
  void Flush() {}
};

// Replaces each byte that begins no well-formed sequence.
std::string mended(std::string_view text) {
  std::string good;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    while (length <= 4 && !is_utf8(text.substr(at, length))) ++length;
    if (length <= 4) {
      good += text.substr(at, length);
      at += length;
    } else {
      append_code_point(good, U'\uFFFD');
      ++at;
    }
  }
  return good;
}

}  // namespace

struct JsonWriter::Output {
  StringStream stream;
  rapidjson::Writer<StringStream> writer{stream};
};

JsonWriter::JsonWriter() : output_(std::make_unique<Output>()) {}
JsonWriter::~JsonWriter() = default;
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter& JsonWriter::operator=(JsonWriter&&) noexcept = default;

JsonWriter& JsonWriter::begin_object() {
  output_->writer.StartObject();
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  output_->writer.EndObject();
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  output_->writer.StartArray();
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  output_->writer.EndArray();
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  return value(name);  // RapidJSON writes a key as it writes a text
}

JsonWriter& JsonWriter::value(std::string_view text) {
  const std::string good = is_utf8(text) ? std::string() : mended(text);
  const std::string_view shown = is_utf8(text) ? text : std::string_view(good);
  // A null data pointer (an empty view) is not allowed there.
  output_->writer.String(shown.empty() ? "" : shown.data(), static_cast<unsigned>(shown.size()));
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  output_->writer.Int64(number);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  output_->writer.Double(number);
  return *this;
}

JsonWriter& JsonWriter::seconds(double number) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%.6f", number);
  output_->writer.RawValue(text, static_cast<std::size_t>(length), rapidjson::kNumberType);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  output_->writer.Bool(flag);
  return *this;
}

JsonWriter& JsonWriter::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(text);
  return end_array();
}

JsonWriter& JsonWriter::null() {
  output_->writer.Null();
  return *this;
}

std::string JsonWriter::take() && {
  return std::move(output_->stream.text);
}

}  // namespace chucai
