// A fast path for the XML that office programs write: UTF-8, start and end tags, texts with the
// predefined entities. It gives the same events as XmlParser (expat), which takes over from the
// first thing that is anything else: comments, CDATA, processing instructions, document types,
// other encodings, and whatever is not well-formed, so that every error is expat's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "importers/xml_parser.h"
#include "importers/zip_package.h"

namespace chucai::importers {

class XmlScanner {
 public:
  /// `part` names the document in errors; `events` must outlive the scanner.
  XmlScanner(std::string part, XmlEvents& events);
  ~XmlScanner();

  /// Errors: those of XmlParser; the first one of the events.
  Done feed(std::string_view bytes);
  Done finish();
  /// Whether the slow parser had to take over.
  bool handed_over() const { return parser_ != nullptr; }

 private:
  /// Passes events on, but for the tags that the slow parser is told only to know where it is.
  class Gate : public XmlEvents {
   public:
    explicit Gate(XmlEvents& events) : events_(events) {}
    Done start(std::string_view name, const XmlAttributes& attributes) override;
    Done end(std::string_view name) override;
    Done text(std::string_view text) override;
    bool open = false;

   private:
    XmlEvents& events_;
  };
  enum class Step { Taken, NeedsMore, Unusual, Failed };

  Step step();
  Step prologue();
  bool declares_utf8(std::string_view declaration);
  Step tag();
  Step start_tag(std::string_view inside);
  Step end_tag(std::string_view name);
  bool read_attributes(std::string_view text);
  Step characters();
  Step emit(std::string_view text);
  Step kept(const Done& done);
  std::string_view rest() const { return std::string_view(buffer_).substr(at_); }
  Done hand_over();

  std::string part_;
  XmlEvents& events_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t dropped_ = 0;  // bytes before the buffer
  bool started_ = false;
  std::string root_;               // its name, once it was closed
  std::vector<std::string> open_;  // names; [0, depth_) are open
  std::size_t depth_ = 0;
  std::vector<XmlAttribute> attributes_;
  std::string decoded_;
  Done failure_;
  Gate gate_;
  std::unique_ptr<XmlParser> parser_;
};

/// Parses one part of a package. Errors: those of ZipPackage::read and XmlScanner.
Done parse_part(ZipPackage& package, std::string_view part, XmlEvents& events);

}  // namespace chucai::importers
