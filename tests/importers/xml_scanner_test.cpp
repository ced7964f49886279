// The fast scanner beside expat, which is always right.
#include "importers/xml_scanner.h"

#include <catch2/catch.hpp>
#include <random>
#include <utility>

using namespace chucai;
using namespace chucai::importers;

namespace {

/// Events as text; neighbouring texts are one, since parsers may cut them anywhere.
class Events : public XmlEvents {
 public:
  Done start(std::string_view name, const XmlAttributes& attributes) override {
    told += "\n<" + std::string(name);
    for (const char* attribute : {"a", "b", "id"}) {
      if (const auto value = attributes.get(attribute)) {
        told += std::string(" ") + attribute + "=" + std::string(*value);
      }
    }
    told += ">";
    in_text_ = false;
    return {};
  }
  Done end(std::string_view name) override {
    told += "\n</" + std::string(name) + ">";
    in_text_ = false;
    return {};
  }
  Done text(std::string_view text) override {
    if (!std::exchange(in_text_, true)) told += "\n";
    told += text;
    return {};
  }
  std::string told;

 private:
  bool in_text_ = false;
};

/// The events, or the reason that the document is refused for.
template <class Parser>
std::string told_by(const std::string& document, std::size_t piece, bool* handed_over = nullptr) {
  Events events;
  Parser parser("part", events);
  Done done;
  for (std::size_t at = 0; done && at < document.size(); at += piece) {
    done = parser.feed(std::string_view(document).substr(at, piece));
  }
  if (done) done = parser.finish();
  if constexpr (requires { parser.handed_over(); }) {
    if (handed_over != nullptr) *handed_over = parser.handed_over();
  }
  return done ? events.told : done.error().problem.reason;
}

const std::string kUsual =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n"
    "<w xmlns=\"m\" xmlns:r='r'><sheetData><x:row a=\"1\" r:id=\"s1\" ><c b='2'><v>张三 &amp; "
    "&lt;&#21338;&#x20BB7;]]&quot;</v></c><c/><c b=\"\" /></x:row >\n</sheetData></w>\n";

const std::vector<std::string> kUnusual = {
    "<a><!-- c --><b>1</b></a>",
    "<a><b>1<![CDATA[<x>]]>2</b></a>",
    "<a>1<?pi x?>2</a>",
    "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
    "<a a='x>y'>1</a>",
    "<a a='x&amp;y\tz'>1\r\n2\r3</a>",
    "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>",
    "\xEF\xBB\xBF<a>1</a>",
    "<a><b>1</b></a><!-- behind -->",
    "<a>1</a><b/>",
    "<a>]]></a>",
    "<a>\xC0\x80</a>",
    "<a>\xED\xA0\x80</a>",
    "<a>\x01</a>",
    "<a>&nosuch;</a>",
    "<a>&#0;</a>",
    "<a a='1' a='2'/>",
    "<a><b></a></b>",
    "<a>",
    "",
    "  <a/>",
    "text",
    "<\xE5\xBC\xA0>1</\xE5\xBC\xA0>",
    "<a/>x",
    "<a></a >",
    "<a b=c/>",
    "<a b = 'c'/>",
    "<?xml version='1.1'?><a/>",
    "<?xml version='1.0'encoding='UTF-8'?><a/>",
};

}  // namespace

TEST_CASE("what office programs write is scanned without the slow parser", "[importers]") {
  bool handed_over = true;
  CHECK(told_by<XmlScanner>(kUsual, 1 << 20, &handed_over) == told_by<XmlParser>(kUsual, 1 << 20));
  CHECK_FALSE(handed_over);
}

TEST_CASE("the scanner tells what expat tells, wherever the blocks are cut", "[importers]") {
  std::vector<std::string> documents = kUnusual;
  documents.push_back(kUsual);
  for (const std::string& document : documents) {
    const std::string expected = told_by<XmlParser>(document, 1 << 20);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
      INFO(document << " by " << piece);
      CHECK(told_by<XmlScanner>(document, piece) == expected);
    }
  }
}

TEST_CASE("documents with bytes changed at random are told or refused alike", "[importers]") {
  std::mt19937 random(3);
  static constexpr std::string_view kBytes = "<>&;/='\"] \r\n\t!?-a\xE5\x80\xFF\x01[#x:";
  for (int i = 0; i < 20'000; ++i) {
    std::string document = kUsual.substr(random() % 2 == 0 ? 57 : 0);
    for (auto changes = random() % 3 + 1; changes > 0; --changes) {
      const std::size_t at = random() % document.size();
      const char byte = kBytes[random() % kBytes.size()];
      if (random() % 3 == 0) {
        document.insert(at, 1, byte);
      } else if (random() % 3 == 0) {
        document.erase(at, random() % 4);
      } else {
        document[at] = byte;
      }
    }
    INFO(document);
    REQUIRE(told_by<XmlScanner>(document, 13) == told_by<XmlParser>(document, 1 << 20));
  }
}

TEST_CASE("a long text is told in pieces that cut no character", "[importers]") {
  std::string text;
  while (text.size() < 500'000) text += "张&amp;]a]]b\xF0\xA0\xAE\xB7";
  const std::string document = "<a>" + text + "</a>";
  bool handed_over = true;
  CHECK(told_by<XmlScanner>(document, 1 << 20, &handed_over) ==
        told_by<XmlParser>(document, 1 << 20));
  CHECK_FALSE(handed_over);
}
