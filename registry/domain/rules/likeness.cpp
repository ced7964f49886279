#include "registry/domain/rules/likeness.h"

#include <algorithm>
#include <numeric>

#include "registry/domain/employers.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr int kReviewScore = 24;
constexpr int kLinkScore = 31;
constexpr std::size_t kMobileDigits = 11;

// Two-character names collide most; both columns are log2(m/u).
struct NamePoints {
  int two;     ///< a name of up to two characters
  int longer;  ///< of three and more
};
constexpr NamePoints kSameName = {10, 14};
constexpr NamePoints kSameSound = {5, 8};
constexpr NamePoints kOneCharacterOff = {1, 5};
constexpr NamePoints kOtherName = {-8, -8};

constexpr int kSameIdentity = 40;
constexpr int kOtherIdentity = -25;
constexpr int kOtherSex = -5;
constexpr int kSameDay = 14;
constexpr int kSameMonth = 9;
constexpr int kSameYear = 4;
constexpr int kOtherBirth = -7;
constexpr int kSameMobile = 14;
constexpr int kSameEmail = 14;
constexpr int kSameEmployer = 7;
constexpr int kSameSchool = 3;
constexpr int kSameRegion = 2;

constexpr std::string_view kResident = "resident";

// 阿迪力·买买提 has four ways of writing its dot, Min-ji two of its dash.
std::string bare_name(std::string_view name) {
  const std::string folded = fold(name);
  std::string bare;
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t c = next_code_point(folded, at);
    const bool joint = c == U'.' || c == U'-' || c == U'\'' || c == U'\u00B7' || c == U'\u2022' ||
                       c == U'\u2027' || c == U'\u30FB';
    if (!joint) append_code_point(bare, c);
  }
  return bare;
}

std::string mobile_of(std::string_view phone) {
  std::string digits;
  for (const char c : fold(phone)) {
    if (c == '*') return {};
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() == kMobileDigits + 2 && digits.starts_with("86")) digits.erase(0, 2);
  return digits.size() == kMobileDigits && digits[0] == '1' ? digits : std::string();
}

bool is_masked(std::string_view text) {
  return text.find('*') != std::string_view::npos;
}

enum class NameLikeness { Same, SameSound, OneCharacterOff, Other };

/// True when the texts have as many characters and differ in exactly one.
bool one_character_off(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  int differences = 0;
  while (i < a.size() && j < b.size()) {
    if (next_code_point(a, i) != next_code_point(b, j) && ++differences > 1) return false;
  }
  return differences == 1 && i == a.size() && j == b.size();
}

NameLikeness compare_names(const Portrait& a, const Portrait& b) {
  if (a.name == b.name) return NameLikeness::Same;
  if (a.sound == b.sound) return NameLikeness::SameSound;
  return one_character_off(a.name, b.name) ? NameLikeness::OneCharacterOff : NameLikeness::Other;
}

Evidence name_evidence(NameLikeness names, std::size_t characters) {
  const auto weigh = [&](std::string_view reason, const NamePoints& points) {
    return Evidence{reason, characters > 2 ? points.longer : points.two};
  };
  switch (names) {
    case NameLikeness::Same:
      return weigh("likeness.name.same", kSameName);
    case NameLikeness::SameSound:
      return weigh("likeness.name.sounds", kSameSound);
    case NameLikeness::OneCharacterOff:
      return weigh("likeness.name.close", kOneCharacterOff);
    case NameLikeness::Other:
      break;
  }
  return weigh("likeness.name.differs", kOtherName);
}

enum class Agreement { Unknown, Same, Differs };

/// Two stored numbers are never one number, and a draft's number is looked up before: with a mask
/// in one of them they differ. A passport and a resident number say nothing about each other.
Agreement compare_identities(const Portrait& a, const Portrait& b) {
  if (a.identity.empty() || b.identity.empty()) return Agreement::Unknown;
  const bool masked = is_masked(a.identity) || is_masked(b.identity);
  if (!masked && a.identity == b.identity) return Agreement::Same;
  const bool both_resident = a.identity.starts_with(kResident) && b.identity.starts_with(kResident);
  return both_resident ? Agreement::Differs : Agreement::Unknown;
}

Evidence birth_evidence(Date a, Date b) {
  if (!a || !b) return {};
  if (!may_be_equal(a, b)) return {"likeness.birth.differs", kOtherBirth};
  if (a.day != 0 && b.day != 0) return {"likeness.birth.day", kSameDay};
  if (a.month != 0 && b.month != 0) return {"likeness.birth.month", kSameMonth};
  return {"likeness.birth.year", kSameYear};
}

bool agree(std::string_view a, std::string_view b) {
  return !a.empty() && a == b;
}

bool disagree(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a != b;
}

bool same_employer(const Portrait& a, const Portrait& b) {
  return agree(a.employer, b.employer) || agree(a.employer_uscc, b.employer_uscc);
}

Band band_of(const Portrait& a, const Portrait& b, NameLikeness names, Agreement identities,
             const Likeness& found) {
  if (found.score < kReviewScore) return Band::No;
  if (identities == Agreement::Same) {
    return names == NameLikeness::Other ? Band::Review : Band::Link;
  }
  const bool birth = may_be_equal(a.birth, b.birth) && a.birth.month != 0 && b.birth.month != 0;
  const bool contact = agree(a.mobile, b.mobile) || agree(a.email, b.email) || same_employer(a, b);
  const bool contradicted = identities == Agreement::Differs || disagree(a.sex, b.sex);
  const bool link =
      found.score >= kLinkScore && names == NameLikeness::Same && birth && contact && !contradicted;
  return link ? Band::Link : Band::Review;
}

}  // namespace

Portrait portrait_of(const Person& person, const Pinyin& pinyin) {
  Portrait portrait;
  portrait.name = bare_name(person.name);
  portrait.sound = pinyin.of(portrait.name);
  portrait.sex = person.sex;
  portrait.birth = person.birth;
  portrait.identity = type_of<Person>().identity_key(person);
  portrait.mobile = mobile_of(person.phone);
  if (!is_masked(person.email)) portrait.email = fold(person.email);
  portrait.employer = fold(loose_name(person.employer));
  portrait.employer_uscc = person.employer_uscc;
  portrait.school = fold(person.school);
  portrait.region = person.region;
  return portrait;
}

bool is_key_field(std::string_view field) {
  return one_of(field,
                {"name", "birth", "id_type", "id_no", "nationality", "phone", "email", "employer"});
}

bool is_likeness_field(std::string_view field) {
  return is_key_field(field) || one_of(field, {"sex", "employer_uscc", "school", "region"});
}

std::string_view to_text(Band band) {
  switch (band) {
    case Band::No:
      return "no";
    case Band::Review:
      return "review";
    case Band::Link:
      return "link";
  }
  return "";
}

Band band_named(std::string_view name) {
  for (const Band band : {Band::Review, Band::Link}) {
    if (name == to_text(band)) return band;
  }
  return Band::No;
}

bool likelier(const Likeness& a, const Likeness& b) {
  return a.band != b.band ? a.band > b.band : a.score > b.score;
}

Likeness likeness(const Portrait& a, const Portrait& b) {
  Likeness found;
  const auto add = [&](const Evidence& evidence) {
    if (evidence.points != 0) found.evidence.push_back(evidence);
  };
  const NameLikeness names = compare_names(a, b);
  const Agreement identities = compare_identities(a, b);
  const bool one_employer = same_employer(a, b);
  if (identities == Agreement::Same) add({"likeness.identity.same", kSameIdentity});
  add(name_evidence(names, std::min(code_points(a.name), code_points(b.name))));
  add(birth_evidence(a.birth, b.birth));
  if (agree(a.mobile, b.mobile)) add({"likeness.mobile", kSameMobile});
  if (agree(a.email, b.email)) add({"likeness.email", kSameEmail});
  if (one_employer) add({"likeness.employer", kSameEmployer});
  if (agree(a.school, b.school)) add({"likeness.school", kSameSchool});
  // An employer lies in its region: the region says something only where the employer does not.
  if (!one_employer && agree(a.region, b.region)) add({"likeness.region", kSameRegion});
  if (identities == Agreement::Differs) add({"likeness.identity.differs", kOtherIdentity});
  if (disagree(a.sex, b.sex)) add({"likeness.sex.differs", kOtherSex});
  found.score =
      std::accumulate(found.evidence.begin(), found.evidence.end(), 0,
                      [](int sum, const Evidence& evidence) { return sum + evidence.points; });
  found.band = band_of(a, b, names, identities, found);
  return found;
}

std::vector<MeetingKey> meeting_keys(const Portrait& portrait) {
  std::vector<MeetingKey> keys;
  const auto add = [&](MeetingKind kind, std::string text) {
    keys.push_back({kind, std::move(text)});
  };
  if (!portrait.identity.empty() && !is_masked(portrait.identity)) {
    add(MeetingKind::Identity, portrait.identity);
  }
  if (!portrait.mobile.empty()) add(MeetingKind::Mobile, portrait.mobile);
  if (!portrait.email.empty()) add(MeetingKind::Email, portrait.email);
  if (portrait.birth.month != 0) {
    const Date month{portrait.birth.year, portrait.birth.month, 0};
    add(MeetingKind::SoundAndBirth, portrait.sound + '\x1f' + to_text(month));
  }
  if (portrait.employer.empty()) return keys;
  add(MeetingKind::SoundAndEmployer, portrait.sound + '\x1f' + portrait.employer);
  if (portrait.birth.day != 0) {
    add(MeetingKind::BirthAndEmployer, to_text(portrait.birth) + '\x1f' + portrait.employer);
  }
  return keys;
}

}  // namespace chucai
