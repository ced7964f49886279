#include "importers/normalise.h"

#include <catch2/catch.hpp>

#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::importers;
using chucai::testing::shipped_book;

namespace {

Cell text(const std::string& raw) {
  return {0, CellKind::Text, -1, raw};
}

/// "value" or "value reason" or " reason".
std::string shown(const std::string& value, const std::optional<Finding>& finding) {
  return finding ? value + " " + finding->reason : value;
}

std::string date(const Cell& cell, bool birth = true) {
  const auto read = read_date(cell, {Date{2018, 6, 30}, birth});
  return shown(to_text(read.value.date), read.finding);
}

std::string number(const Understood<std::optional<std::int64_t>>& read) {
  return shown(read.value ? std::to_string(*read.value) : "", read.finding);
}

std::string term(std::string_view scheme, std::string_view raw) {
  const auto read = read_term(shipped_book(), scheme, raw);
  return shown(read.value, read.finding);
}

std::string title(std::string_view raw) {
  const auto read = read_title(shipped_book(), raw);
  return shown(read.value, read.finding);
}

}  // namespace

TEST_CASE("dates are read in every form that offices write", "[importers]") {
  CHECK(date(text("1985-03-07")) == "1985-03-07");
  CHECK(date(text(" 1985-03-07 ")) == "1985-03-07");
  CHECK(date(text("１９８５-03")) == "1985-03");
  CHECK(date(text("1985")) == "1985");
  CHECK(date({0, CellKind::Date, -1, "1985-03-07"}) == "1985-03-07");
  CHECK(date({0, CellKind::Date, -1, "1985-03-07 08:30:00"}) == "1985-03-07");
  const std::string month = "1985-03 date.rewritten";
  for (const char* raw :
       {"1985.03", "1985.3", "85.3", "1985年3月", "1985-3", "1985/3", "198503", "85年3月"}) {
    INFO(raw);
    CHECK(date(text(raw)) == month);
  }
  const std::string day = "1985-03-07 date.rewritten";
  for (const char* raw : {"1985.3.7", "1985年3月7日", "1985/3/7", "19850307", "31113",
                          "1985-03-07 00:00:00", "85.03.07", "850307", "'1985-03-07"}) {
    INFO(raw);
    CHECK(date(text(raw)) == day);
  }
}

TEST_CASE("1985.1 is January or October and is not guessed", "[importers]") {
  CHECK(date(text("1985.1")) == "1985 date.ambiguous");
  CHECK(date({0, CellKind::Number, -1, "1985.1"}) == "1985 date.ambiguous");
  CHECK(date({0, CellKind::Number, 2, "1985.1"}) == "1985-10 date.rewritten");
  CHECK(date(text("1985.10")) == "1985-10 date.rewritten");
  CHECK(date(text("1985.01")) == "1985-01 date.rewritten");
  CHECK(date(text("1985-1")) == "1985-01 date.rewritten");
}

TEST_CASE("what is no date is not made one", "[importers]") {
  for (const char* raw : {"1985-02-30", "1985.13", "19851332", "不详", "3/7/1985", "12",
                          "2019-01-01", "1900-02-29", "1785-01-01"}) {
    INFO(raw);
    CHECK(date(text(raw)) == " date.unreadable");
  }
  CHECK(date(text("")).empty());
  CHECK(date(text("至今")).empty());
  CHECK(date(text("—")).empty());
}

TEST_CASE("the century of a short year depends on what it dates", "[importers]") {
  CHECK(date(text("05.3"), true) == "2005-03 date.rewritten");
  CHECK(date(text("19.2"), true) == "1919-02 date.rewritten");
  CHECK(date(text("19.2"), false) == "2019-02 date.rewritten");
  CHECK(date(text("78.7"), false) == "1978-07 date.rewritten");
}

TEST_CASE("names lose blanks that are none of theirs", "[importers]") {
  const auto name = [](std::string_view raw) {
    const auto read = read_name(raw);
    return shown(read.value, read.finding);
  };
  CHECK(name(" 张三　") == "张三");
  CHECK(name("张  三") == "张三 name.rewritten");
  CHECK(name("欧阳　娜娜") == "欧阳娜娜 name.rewritten");
  CHECK(name("张\n三丰") == "张三丰");
  CHECK(name("John  Smith A.") == "John Smith A.");
  CHECK(name("阿迪力•买买提") == "阿迪力·买买提 name.rewritten");
  CHECK(name("阿迪力·买买提") == "阿迪力·买买提");
  CHECK(name("𠮷野") == "𠮷野");
}

TEST_CASE("texts keep their punctuation and lose line breaks", "[importers]") {
  CHECK(read_text("湖北大学（本部），１号").value == "湖北大学（本部），1号");
  CHECK(read_text("我单\n位从事").value == "我单位从事");
  CHECK(read_text("我单\r\n位").finding->reason == "text.line_break");
  CHECK(read_text("ab\ncd").value == "ab cd");
  CHECK(read_text("句。\n").value == "句。");
  CHECK_FALSE(read_text("句。\n").finding);
  CHECK(read_employer("湖北 大学").value == "湖北大学");
  CHECK(read_employer("ABB 公司").value == "ABB 公司");
}

TEST_CASE("phones are eleven digits or as written", "[importers]") {
  const auto phone = [](const Cell& cell) {
    const auto read = read_phone(cell);
    return shown(read.value, read.finding);
  };
  CHECK(phone(text("１９９00007919")) == "19900007919");
  CHECK(phone(text("199-0000-7919")) == "19900007919 phone.rewritten");
  CHECK(phone(text("+86 19900007919")) == "19900007919 phone.rewritten");
  CHECK(phone(text("008619900007919")) == "19900007919 phone.rewritten");
  CHECK(phone(text("1.9900E+10")) == " phone.damaged");
  CHECK(phone(text("027-87654321")) == "027-87654321");
  CHECK(phone(text("1990000791")) == "1990000791 phone.form");
  CHECK(phone(text("无")).empty());
}

TEST_CASE("identity numbers are repaired for certain or not at all", "[importers]") {
  const auto identity = [](const Cell& cell, std::string_view type = "111") {
    const auto read = read_identity(cell, type);
    return shown(read.value, read.finding);
  };
  CHECK(identity(text("420106198503010007")) == "420106198503010007");
  CHECK(identity(text(" ４20106198503010007")) == "420106198503010007");
  CHECK(identity(text("'420106198503010007")) == "420106198503010007 person.id_no.rewritten");
  CHECK(identity(text("11010519491231002x")) == "11010519491231002X person.id_no.rewritten");
  CHECK(identity(text("420106850301000")).ends_with(" person.id_no.rewritten"));
  CHECK(identity(text("420106198503010008")) == " person.id_no.check");
  CHECK(identity(text("4.20106E+17")) == " person.id_no.damaged");
  CHECK(identity({0, CellKind::Number, -1, "420106198503010000"}) == " person.id_no.damaged");
  CHECK(identity(text("420106********0007")) == " person.id_no.masked");
  CHECK(identity(text("4201061985030100")) == " person.id_no.length");
  CHECK(identity(text("E12345678"), "414") == "E12345678");
  CHECK(identity(text("")).empty());
}

TEST_CASE("numbers and money are exact", "[importers]") {
  CHECK(number(read_integer("3")) == "3");
  CHECK(number(read_integer("3人")) == "3 number.rewritten");
  CHECK(number(read_integer("１，２00")) == "1200 number.rewritten");
  CHECK(number(read_integer("若干")) == " number.unreadable");
  CHECK(number(read_money("4.8", 1'000'000)) == "4800000");
  CHECK(number(read_money("0.012345", 1'000'000)) == "12345");
  CHECK(number(read_money("4.8万元", 1'000'000)) == "4800000 number.rewritten");
  CHECK(number(read_money("48000元", 1'000'000)) == "4800000 number.rewritten");
  CHECK(number(read_money("5万元", 100)) == "5000000 number.rewritten");
  CHECK(number(read_money("0.0000001", 1'000'000)) == " number.unreadable");  // under a fen
  CHECK(number(read_money("-1", 1'000'000)) == " number.unreadable");
  CHECK(number(read_money("1.2.3", 1'000'000)) == " number.unreadable");
}

TEST_CASE("terms are found by name, short form and code", "[importers]") {
  CHECK(term("sex", "男") == "1");
  CHECK(term("sex", "男性") == "1");
  CHECK(term("sex", "M") == "1 code.rewritten");
  CHECK(term("education", "大学本科毕业") == "21");
  CHECK(term("education", "本科") == "21 code.rewritten");
  CHECK(term("id_type", "护照") == "414");
  CHECK(term("education", "很高") == " code.unknown");
  CHECK(term("education", "").empty());
}

TEST_CASE("a name on one line of the tree means the deepest term", "[importers]") {
  REQUIRE(only_term(shipped_book(), "industry", "互联网数据服务") != nullptr);
  CHECK(only_term(shipped_book(), "industry", "互联网数据服务")->code == "6450");
  CHECK(only_term(shipped_book(), "industry", "建筑陶瓷制品制造") == nullptr);  // 3032 or 3071
  CHECK(only_term(shipped_book(), "industry", "没有的行业") == nullptr);
}

TEST_CASE("titles are brought to their names and never invented", "[importers]") {
  CHECK(title("高级工程师") == "高级工程师");
  CHECK(title("高工") == "高级工程师 title.rewritten");
  CHECK(title("教授、博导") == "教授 cell.several");
  CHECK(title("工程师/项目经理") == "工程师 cell.several");
  CHECK(title("护林大师") == "护林大师");
}

TEST_CASE("lists are split at the strongest mark only", "[importers]") {
  CHECK(read_list("妇产科学、内科学") == std::vector<std::string>{"妇产科学", "内科学"});
  CHECK(read_list("天线/馈线、雷达") == std::vector<std::string>{"天线/馈线", "雷达"});
  CHECK(read_list("a; b ;") == std::vector<std::string>{"a", "b"});
  CHECK(read_list("").empty());
}
