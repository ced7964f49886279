#include "importers/xml_parser.h"

#include <expat.h>

#include <string>
#include <vector>

#include "importers/refusals.h"

namespace chucai::importers {
std::string_view local_name_of(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::optional<std::string_view> XmlAttributes::get(std::string_view local_name) const {
  for (const XmlAttribute& attribute : all_) {
    if (local_name_of(attribute.name) == local_name) return attribute.value;
  }
  return std::nullopt;
}

struct XmlParser::Impl {
  Impl(std::string name, XmlEvents& sink, const char* charset)
      : part(std::move(name)), events(sink), parser(XML_ParserCreate(charset)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { XML_ParserFree(parser); }

  void keep(const Done& done) {
    if (done || failure) return;
    failure = done.error();
    XML_StopParser(parser, XML_FALSE);
  }
  Done parse(std::string_view bytes, int is_final) {
    const XML_Status status =
        XML_Parse(parser, bytes.data(), static_cast<int>(bytes.size()), is_final);
    if (failure) return tl::make_unexpected(*failure);
    if (status == XML_STATUS_OK) return {};
    return damaged(part, XML_ErrorString(XML_GetErrorCode(parser)));
  }

  static Impl& self(void* user) { return *static_cast<Impl*>(user); }
  static void on_start(void* user, const XML_Char* name, const XML_Char** pairs) {
    Impl& impl = self(user);
    impl.attributes.clear();
    for (; *pairs != nullptr; pairs += 2) impl.attributes.push_back({pairs[0], pairs[1]});
    impl.keep(impl.events.start(local_name_of(name), XmlAttributes(impl.attributes)));
  }
  static void on_end(void* user, const XML_Char* name) {
    self(user).keep(self(user).events.end(local_name_of(name)));
  }
  static void on_text(void* user, const XML_Char* text, int size) {
    self(user).keep(self(user).events.text({text, static_cast<std::size_t>(size)}));
  }
  static void on_doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(user).keep(fail(ErrorCode::InvalidArgument, "import.file.doctype", {}, {self(user).part}));
  }

  std::string part;
  XmlEvents& events;
  XML_Parser parser;
  std::vector<XmlAttribute> attributes;
  std::optional<Error> failure;
};

XmlParser::XmlParser(std::string part, XmlEvents& events, const char* charset)
    : impl_(std::make_unique<Impl>(std::move(part), events, charset)) {
  XML_SetUserData(impl_->parser, impl_.get());
  XML_SetElementHandler(impl_->parser, Impl::on_start, Impl::on_end);
  XML_SetCharacterDataHandler(impl_->parser, Impl::on_text);
  XML_SetStartDoctypeDeclHandler(impl_->parser, Impl::on_doctype);
}

XmlParser::~XmlParser() = default;

Done XmlParser::feed(std::string_view bytes) {
  return impl_->parse(bytes, XML_FALSE);
}

Done XmlParser::finish() {
  return impl_->parse({}, XML_TRUE);
}

}  // namespace chucai::importers
