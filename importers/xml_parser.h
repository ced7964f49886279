// A push XML parser: expat behind RAII, with local names only (any namespace prefix will do),
// document type declarations refused, and errors as values.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::importers {

/// The attributes of one element.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  /// The value of the attribute with this local name ("id" finds r:id), or nullopt.
  std::optional<std::string_view> get(std::string_view local_name) const;

 private:
  const char** pairs_;
};

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
  /// `part` names the document in errors; `events` must outlive the parser.
  XmlParser(std::string part, XmlEvents& events);
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
