// A push XML parser: expat behind RAII, with local names only (any namespace prefix will do),
// document type declarations refused, and errors as values.
#pragma once

#include <charconv>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::importers {

struct XmlAttribute {
  std::string_view name;
  std::string_view value;
};

/// The attributes of one element, valid while its start is told.
class XmlAttributes {
 public:
  explicit XmlAttributes(std::span<const XmlAttribute> all) : all_(all) {}
  /// The value of the attribute with this local name ("id" finds r:id), or nullopt.
  std::optional<std::string_view> get(std::string_view local_name) const;

 private:
  std::span<const XmlAttribute> all_;
};

/// The part of a name behind its namespace prefix.
std::string_view local_name_of(std::string_view name);

/// The number that `text` is from end to end, or nullopt.
template <class T>
std::optional<T> number_in(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  T value{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

/// What a document's reader does with it.
class XmlEvents {
 public:
  virtual ~XmlEvents() = default;
  virtual Done start(std::string_view local_name, const XmlAttributes& attributes) = 0;
  virtual Done end(std::string_view local_name) = 0;
  virtual Done text(std::string_view) { return {}; }
};

class XmlParser {
 public:
  /// `part` names the document in errors; `events` must outlive the parser. `charset`: of the bytes
  /// whatever the document says of itself; null: as it says.
  XmlParser(std::string part, XmlEvents& events, const char* charset = nullptr);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  /// Errors: InvalidArgument import.file.damaged naming the part, import.file.doctype; the first
  /// one of the events.
  Done feed(std::string_view bytes);
  Done finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chucai::importers
