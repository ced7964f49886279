#include "registry/domain/identity.h"

#include <catch2/catch.hpp>

using namespace chucai;

namespace {

std::string reason(const Result<IdentityNumber>& result) {
  return result ? "" : result.error().problem.reason;
}

std::string reason(const Result<std::string>& result) {
  return result ? "" : result.error().problem.reason;
}

/// Nothing of a refused number may stand in its error.
bool is_discreet(const Error& error) {
  return error.problem.params.empty() && error.cause.empty() && error.details.empty();
}

}  // namespace

TEST_CASE("the standard's own numbers and sound synthetic ones pass", "[identity]") {
  for (const char* number : {"11010519491231002X", "440524188001010014", "420106198503010007",
                             "422801199006151020", "429004197812043334", "420321197001012010"}) {
    CAPTURE(number);
    const auto checked = check_resident_id(number);
    REQUIRE(checked);
    CHECK(checked->number == number);
    CHECK_FALSE(checked->converted);
  }
}

TEST_CASE("each fault of a resident number has its reason", "[identity]") {
  CHECK(reason(check_resident_id("420106198503010008")) == "person.id_no.check");
  CHECK(reason(check_resident_id("420106198502300008")) == "person.id_no.birth");
  CHECK(reason(check_resident_id("42010619850301000")) == "person.id_no.length");
  CHECK(reason(check_resident_id("")) == "person.id_no.length");
  CHECK(reason(check_resident_id("4.20106E+17")) == "person.id_no.damaged");
  CHECK(reason(check_resident_id("4E+17")) == "person.id_no.damaged");
  CHECK(reason(check_resident_id("4.20106198503010E+17")) == "person.id_no.damaged");
  CHECK(reason(check_resident_id("420106********0007")) == "person.id_no.masked");
  CHECK(reason(check_resident_id("4201061985030100A7")) == "person.id_no.characters");
  CHECK(reason(check_resident_id("42010619850301X007")) == "person.id_no.characters");
  CHECK(reason(check_resident_id("无")) == "person.id_no.characters");
  CHECK(reason(check_resident_id("990106198503010007")) == "person.id_no.province");
  CHECK(reason(check_resident_id("420106850230000")) == "person.id_no.birth");
  CHECK(is_discreet(check_resident_id("420106198503010008").error()));
}

TEST_CASE("repairs that lose nothing are made", "[identity]") {
  const auto old_form = check_resident_id("420106850301000");
  REQUIRE(old_form);
  CHECK(old_form->number == "420106198503010007");
  CHECK(old_form->converted);
  for (const char* written : {"11010519491231002x", "'11010519491231002X", " 110105 19491231 002X",
                              "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002Х",
                              "11010519491231002х", "’11010519491231002X\t"}) {
    CAPTURE(written);
    const auto checked = check_resident_id(written);
    REQUIRE(checked);
    CHECK(checked->number == "11010519491231002X");
    CHECK_FALSE(checked->converted);
  }
}

TEST_CASE("any single changed digit and any swap of neighbours is caught", "[identity]") {
  const std::string good = "420106198503010007";
  for (std::size_t i = 0; i < 17; ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string bad = good;
      bad[i] = digit;
      CHECK(static_cast<bool>(check_resident_id(bad)) == (bad == good));
    }
    std::string swapped = good;
    std::swap(swapped[i], swapped[i + 1]);
    CHECK(static_cast<bool>(check_resident_id(swapped)) == (swapped == good));
  }
}

TEST_CASE("a checked number says birth and sex", "[identity]") {
  CHECK(birth_of("11010519491231002X") == Date{1949, 12, 31});
  CHECK(sex_of("11010519491231002X") == "2");
  CHECK(sex_of("440524188001010014") == "1");
  CHECK(birth_of("") == Date{});
  CHECK(sex_of("123").empty());
}

TEST_CASE("permits and passports are checked by their own rules", "[identity]") {
  struct Row {
    const char* type;
    const char* number;
    const char* reason;
  };
  const Row rows[] = {
      {"111", "420106198503010007", ""},
      {"", "420106850301000", ""},
      {"113", "420106198503010008", "person.id_no.check"},
      {"554", "810000199001010019", ""},
      {"554", "830000198511110027", ""},
      {"554", "830000198511110028", "person.id_no.check"},
      {"554", "420106198503010007", "person.id_no.province"},
      {"554", "81000019900101001", "person.id_no.length"},
      {"516", "H12345678", ""},
      {"516", "m1234567801", ""},
      {"516", "C12345678", "person.id_no.format"},
      {"516", "H1234567", "person.id_no.format"},
      {"511", "12345678", ""},
      {"511", "1234567890", ""},
      {"511", "1234567890B", ""},
      {"511", "1234567", "person.id_no.format"},
      {"511", "12345678B", "person.id_no.format"},
      {"553", "942840199006150024", ""},
      {"553", "942840199006150025", "person.id_no.check"},
      {"553", "942840199002300024", "person.id_no.birth"},
      {"553", "999840199006150024", "person.id_no.province"},
      {"553", "USA420190061502", ""},
      {"553", "USA42019006150X", "person.id_no.format"},
      {"553", "420106198503010007", "person.id_no.format"},
      {"414", "E12345678", ""},
      {"414", "EA1234567", ""},
      {"414", "g12345678", ""},
      {"414", "AB123", ""},
      {"414", "AB12", "person.id_no.format"},
      {"414", "1234567890123456", "person.id_no.format"},
      {"414", "E1234-678", "person.id_no.format"},
      {"414", "E12***678", "person.id_no.masked"},
      {"114", "军字第0123456号", ""},
      {"114", "军字第*号", "person.id_no.masked"},
      {"999", "4.2E+08", "person.id_no.damaged"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.type, row.number);
    CHECK(reason(check_identity(row.type, row.number)) == row.reason);
  }
  CHECK(check_identity("414", " ｅ12345678")->number == "E12345678");
  CHECK(check_identity("114", "  军字第　12 号 ")->number == "军字第 12 号");
}

TEST_CASE("a mask shows at most three characters and never the last four", "[identity]") {
  CHECK(mask_identity("420106198503010007") == "420***************");
  CHECK(mask_identity("E12345") == "E1****");
  CHECK(mask_identity("1234") == "****");
  CHECK(mask_identity("") == "");
  CHECK(mask_identity("军字第12345号") == "军字第******");
  CHECK(mask_phone("13800001111") == "138********");
  CHECK(mask_phone("110") == "***");
}

TEST_CASE("unified social credit codes are checked with their alphabet", "[identity]") {
  for (const char* code : {"12420106MB1A2B3CX3", "91420100MA4KXYT77J", "93422801MA48G2H61M"}) {
    CAPTURE(code);
    CHECK(check_uscc(code) == code);
  }
  CHECK(check_uscc(" ９１４２０１００ma4kxyt77j") == "91420100MA4KXYT77J");
  CHECK(check_uscc("420100000012345") == "420100000012345");
  CHECK(reason(check_uscc("91420100MA4KXYT77K")) == "organization.uscc.check");
  CHECK(reason(check_uscc("91420100MA4KXYTO7J")) == "organization.uscc.characters");
  CHECK(reason(check_uscc("91420100MA4KXYT77")) == "organization.uscc.length");
  CHECK(reason(check_uscc("")) == "organization.uscc.length");
  CHECK(reason(check_uscc("无")) == "organization.uscc.characters");
}
