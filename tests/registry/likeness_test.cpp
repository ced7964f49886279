// The rule for likely twins: what each agreement weighs, what follows, and that nobody has to be
// compared with everybody.
#include "registry/domain/rules/likeness.h"

#include <catch2/catch.hpp>

#include <numeric>
#include <random>

#include "registry/domain/rules/twin_finder.h"
#include "registry/domain/text.h"
#include "tests/support/shipped.h"

using namespace chucai;
using chucai::testing::shipped_book;

namespace {

Person zhang_wei() {
  Person person;
  person.name = "张伟";
  person.sex = "1";
  person.birth = Date{1985, 3, 7};
  person.employer = "湖北省随县人民医院";
  person.phone = "19912345678";
  person.email = "zw@example.com";
  person.school = "武汉大学";
  person.region = "421321";
  return person;
}

Portrait of(const Person& person) {
  return portrait_of(person, shipped_book().pinyin());
}

Band band(const Person& a, const Person& b) {
  return likeness(of(a), of(b)).band;
}

std::string told(const Likeness& found) {
  std::string text = std::string(to_text(found.band)) + " " + std::to_string(found.score) + ":";
  for (const Evidence& one : found.evidence) {
    text += " " + std::string(one.reason).substr(9) + " " + std::to_string(one.points);
  }
  return text;
}

/// Only what is named stays.
Person bare(const std::string& name, Date birth = {}) {
  Person person;
  person.name = name;
  person.birth = birth;
  return person;
}

}  // namespace

TEST_CASE("the evidence adds up to the score", "[domain]") {
  const Person a = zhang_wei();
  CHECK(told(likeness(of(a), of(a))) ==
        "link 62: name.same 10 birth.day 14 mobile 14 email 14 employer 7 school 3");
  Person b = bare("章维", Date{1985, 3, 0});
  b.region = a.region;
  b.sex = "2";
  CHECK(told(likeness(of(a), of(b))) ==
        "no 11: name.sounds 5 birth.month 9 region 2 sex.differs -5");
}

TEST_CASE("a name alone makes nobody one person", "[domain]") {
  const Person a = zhang_wei();
  Person b = bare("张伟");
  CHECK(band(a, b) == Band::No);
  b.employer = a.employer;
  CHECK(band(a, b) == Band::No);  // large units have several 张伟
  b = bare("张伟", Date{1985, 3, 0});
  CHECK(band(a, b) == Band::No);
  CHECK(band(bare("欧阳建国"), bare("欧阳建国")) == Band::No);
}

TEST_CASE("what is likely goes to a person, what is sure is linked", "[domain]") {
  const Person a = zhang_wei();
  Person b = bare("张伟", a.birth);
  CHECK(band(a, b) == Band::Review);  // some sixteen 张伟 share a birthday
  b.employer = "随县医院";            // the same in another spelling
  CHECK(band(a, b) == Band::Link);
  b.birth = Date{1985, 3, 0};
  CHECK(band(a, b) == Band::Review);
  b.phone = "+86 199-1234-5678";
  CHECK(band(a, b) == Band::Link);
  b.birth = Date{};
  CHECK(band(a, b) == Band::Review);  // the contact of an office clerk proves little
  b = bare("张玮", a.birth);
  b.employer = a.employer;
  CHECK(band(a, b) == Band::Review);  // sounds alike
  b.sex = "2";
  CHECK(band(a, b) == Band::No);
}

TEST_CASE("an identity number decides unless the names contradict it", "[domain]") {
  Person a = zhang_wei();
  Person b = bare("张维");
  a.id_no = b.id_no = "420106198503010007";
  CHECK(band(a, b) == Band::Link);
  b.name = "李四方";
  CHECK(band(a, b) == Band::Review);
  b = a;
  b.id_no = "422801199006151020";
  CHECK(band(a, b) == Band::Review);  // nearly everything agrees: one number may be wrong
  b.email.clear();
  b.employer = "别的单位";
  CHECK(band(a, b) == Band::No);   // two numbers, two people
  b.id_no = "422***************";  // a stored number is seen as its mask
  CHECK(band(a, b) == Band::No);
  b.id_type = "414";
  b.nationality = "US";
  b.id_no = "E12345678";
  CHECK(band(a, b) == Band::Link);  // a passport beside a resident number says nothing
}

TEST_CASE("joints and width of a name do not matter, masked contacts are none", "[domain]") {
  CHECK(of(bare("阿迪力·买买提")).name == of(bare("阿迪力•买买提")).name);
  CHECK(of(bare("Kim Min-ji")).name == of(bare("ＫＩＭ　ＭＩＮＪＩ")).name);
  Person person = zhang_wei();
  person.phone = "199********";
  person.email = "zw*************";
  CHECK(of(person).mobile.empty());
  CHECK(of(person).email.empty());
  person.phone = "027-87654321";
  CHECK(of(person).mobile.empty());
}

TEST_CASE("likeness does not depend on the order of the two", "[domain]") {
  std::mt19937 random(5);
  const auto any = [&](std::initializer_list<const char*> texts) {
    return std::string(*(texts.begin() + random() % texts.size()));
  };
  const auto anybody = [&] {
    Person person = bare(any({"张伟", "张玮", "张薇", "王建国", "王建", "John Li"}));
    person.birth = {1985, static_cast<std::int8_t>(random() % 3), 0};
    if (person.birth.month != 0) person.birth.day = static_cast<std::int8_t>(random() % 3);
    person.sex = any({"", "1", "2"});
    person.id_no = any({"", "420106198503010007", "422801199006151020", "422***************"});
    person.phone = any({"", "19912345678", "19912345679"});
    person.email = any({"", "a@example.com"});
    person.employer = any({"", "随县医院", "湖北省随县人民医院", "湖北大学"});
    person.region = any({"", "421321", "420106"});
    return person;
  };
  TwinFinder finder;
  std::vector<Portrait> people;
  for (int i = 0; i < 60; ++i) {
    people.push_back(of(anybody()));
    std::vector<std::pair<std::size_t, int>> slow;  // everybody beside everybody
    for (std::size_t j = 0; j + 1 < people.size(); ++j) {
      const Likeness one = likeness(people.back(), people[j]);
      const Likeness other = likeness(people[j], people.back());
      CHECK(told(one).substr(0, told(one).find(':')) ==
            told(other).substr(0, told(other).find(':')));
      CHECK(one.score ==
            std::accumulate(one.evidence.begin(), one.evidence.end(), 0,
                            [](int sum, const Evidence& e) { return sum + e.points; }));
      if (one.band != Band::No) slow.emplace_back(j, one.score);
    }
    std::vector<std::pair<std::size_t, int>> fast;
    for (const TwinFinder::Twin& twin : finder.twins_of(people.back())) {
      fast.emplace_back(twin.place, twin.likeness.score);
    }
    std::sort(fast.begin(), fast.end());
    CHECK(std::includes(slow.begin(), slow.end(), fast.begin(), fast.end()));
    // Whoever was not met shares no name, or nothing but a birthday.
    for (const auto& [place, score] : slow) {
      if (std::binary_search(fast.begin(), fast.end(), std::pair{place, score})) continue;
      CHECK(people[place].sound != people.back().sound);
    }
    finder.add(people.back());
  }
}

TEST_CASE("what a crowd shares brings nobody together", "[domain]") {
  TwinFinder finder;
  for (std::size_t i = 0; i <= kCrowd; ++i) {
    Person person = bare("张伟" + std::to_string(i));
    person.phone = "19912345678";
    finder.add(of(person));
  }
  Person caller = bare("张伟7");
  caller.phone = "19912345678";
  CHECK(finder.twins_of(of(caller)).empty());
  CHECK(finder.compared() == 0);
}
