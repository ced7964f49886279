// When two people are likely one. One rule for a person being entered, for the rows of a file and
// for the whole register: what they agree and differ in, what each weighs, and what the sum means.
// A name alone proves nothing: about 290,000 people are called 张伟.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/person.h"
#include "registry/domain/pinyin.h"

namespace chucai {

/// A person as the rule sees one: folded once, compared often.
struct Portrait {
  std::string name;      ///< folded, without the dots and dashes between its parts
  std::string sound;     ///< its pinyin
  std::string sex;       ///< scheme sex
  Date birth;            ///< with its precision
  std::string identity;  ///< RecordType::identity_key, of a stored person with the mask in it
  std::string mobile;    ///< 11 digits; a masked or fixed-line number is none
  std::string email;     ///< folded
  std::string employer;  ///< loose_name, folded
  std::string employer_uscc;
  std::string school;  ///< folded
  std::string region;
};
Portrait portrait_of(const Person& person, const Pinyin& pinyin);

/// The fields that portrait_of reads.
bool is_likeness_field(std::string_view field);
/// Those of them that reopen a verdict "two different people" when they change: name, birth,
/// identity number, mobile, e-mail, employer.
bool is_key_field(std::string_view field);

/// What follows from a likeness.
enum class Band : std::uint8_t {
  No,      ///< two people, or nothing to say
  Review,  ///< a person should look
  Link,    ///< one person: right in at least 995 of 1000 cases
};
/// "no", "review", "link".
std::string_view to_text(Band band);
Band band_named(std::string_view name);

/// One thing in which two people agree or differ. A point doubles the odds that they are one.
struct Evidence {
  std::string_view reason;  ///< likeness.* of messages.csv
  int points = 0;           ///< negative: speaks against

  bool operator==(const Evidence&) const = default;
};

struct Likeness {
  int score = 0;  ///< sum of the points
  Band band = Band::No;
  std::vector<Evidence> evidence;
};

/// Links before reviews, then the higher score.
bool likelier(const Likeness& a, const Likeness& b);

/// Compares two people, in either order. Weights are log2(m/u) of Fellegi and Sunter (1969), set by
/// hand from what is known of names, births and offices, not fitted to any roster. Link needs the
/// same identity number and a name that is at least close, or the same name, a birth that agrees to
/// the month, and a mobile, e-mail or employer that agrees. Two valid resident numbers are two
/// people unless nearly everything else agrees, and then for a person to look at.
Likeness likeness(const Portrait& a, const Portrait& b);

/// What people must share to be compared at all, so that nobody is compared with everybody. Two
/// people with likeness above Band::No share one, but for a few whose name was misspelt and who
/// share neither mobile, e-mail nor employer.
enum class MeetingKind : std::uint8_t {
  Identity,
  Mobile,
  Email,
  SoundAndBirth,     ///< pinyin of the name, month of birth
  SoundAndEmployer,  ///< pinyin of the name, employer in any spelling
  BirthAndEmployer,  ///< day of birth, employer
};
struct MeetingKey {
  MeetingKind kind;
  std::string text;  ///< in clear; to be hashed with the kind
};
std::vector<MeetingKey> meeting_keys(const Portrait& portrait);

/// What more people than this share (the phone of an office) brings nobody together.
inline constexpr std::size_t kCrowd = 100;

}  // namespace chucai
