#include "registry/domain/identity.h"

#include <algorithm>
#include <charconv>

#include "registry/domain/text.h"

namespace chucai {
namespace {

using Verdict = std::optional<std::string>;  ///< reason of a refusal, or nothing

// Codes of scheme id_type.
constexpr std::string_view kResidentTypes[] = {"", "111", "112", "113"};
constexpr std::string_view kPassport = "414";
constexpr std::string_view kTaiwanPermit = "511";
constexpr std::string_view kHongKongMacauPermit = "516";
constexpr std::string_view kForeignResident = "553";
constexpr std::string_view kResidencePermit = "554";  // Hong Kong, Macau, Taiwan; since 2018

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool all_alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_upper(c); });
}

/// Drops blanks and a leading apostrophe (Excel's text mark), folds widths and letters, and the
/// Cyrillic Х that looks like the check character.
std::string clean(std::string_view text) {
  std::string out;
  const std::string normal = normalise_space(text);
  for (std::size_t at = 0; at < normal.size();) {
    const char32_t c = next_code_point(normal, at);
    const bool quote = c == U'\'' || c == U'‘' || c == U'’' || c == U'`';
    if (c == U' ' || (quote && out.empty())) continue;
    if (c == U'Х' || c == U'х') {
      out += 'X';
    } else if (c >= U'a' && c <= U'z') {
      out += static_cast<char>(c - U'a' + U'A');
    } else {
      append_code_point(out, c);
    }
  }
  return out;
}

/// 4.2E+17 and the like: a number that a spreadsheet rounded.
bool is_scientific(std::string_view number) {
  const std::size_t e = number.find('E');
  if (e == std::string_view::npos || e == 0 || !is_digit(number[0])) return false;
  const std::string_view mantissa = number.substr(0, e);
  std::string_view exponent = number.substr(e + 1);
  const bool is_signed = exponent.starts_with('+');
  if (is_signed) exponent.remove_prefix(1);
  if (exponent.empty() || exponent.size() > 3 || !all_digits(exponent)) return false;
  const bool digits_and_point =
      std::all_of(mantissa.begin(), mantissa.end(), [](char c) { return is_digit(c) || c == '.'; });
  return digits_and_point && (is_signed || mantissa.find('.') != std::string_view::npos);
}

bool is_masked(std::string_view number) {
  for (const std::string_view star : {"*", "●", "•", "×", "＊"}) {
    if (number.find(star) != std::string_view::npos) return true;
  }
  return false;
}

/// What no kind of number can be.
Verdict unusable(std::string_view number) {
  if (is_masked(number)) return "person.id_no.masked";
  if (is_scientific(number)) return "person.id_no.damaged";
  return std::nullopt;
}

// GB 11643-1999, 4.2.2 (ISO 7064 MOD 11-2).
char check_character(std::string_view seventeen) {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (seventeen[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

bool is_province(std::string_view two_digits) {
  constexpr std::string_view kProvinces =
      "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 "
      "65 71 81 82 83";
  return kProvinces.find(two_digits) != std::string_view::npos;
}

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + length, value);
  return value;
}

Date birth_at_7(std::string_view number) {
  return Date{static_cast<std::int16_t>(number_at(number, 6, 4)),
              static_cast<std::int8_t>(number_at(number, 10, 2)),
              static_cast<std::int8_t>(number_at(number, 12, 2))};
}

// A day of birth stands in full; the standard's oldest example is of 1880. Whether it lies in the
// future is for rules that know the business date.
bool is_birth(Date date) {
  return date.year >= 1800 && date.year < 2100 && date.month != 0 && date.day != 0 && is_real(date);
}

/// Form shared by every 18-character number: 17 digits and a check character.
Verdict malformed_18(std::string_view number) {
  const bool tail = !number.empty() && (is_digit(number.back()) || number.back() == 'X');
  const std::string_view body = number.substr(0, number.empty() ? 0 : number.size() - 1);
  if (!number.empty() && (!tail || !all_digits(body))) return "person.id_no.characters";
  if (number.size() != 18) return "person.id_no.length";
  return std::nullopt;
}

Verdict wrong_birth_or_check(std::string_view number) {
  if (!is_birth(birth_at_7(number))) return "person.id_no.birth";
  if (check_character(number) != number.back()) return "person.id_no.check";
  return std::nullopt;
}

Verdict refuse_resident(std::string_view number) {
  if (const Verdict bad = malformed_18(number)) return bad;
  if (!is_province(number.substr(0, 2))) return "person.id_no.province";
  return wrong_birth_or_check(number);
}

// 810000, 820000, 830000 with the resident's rule otherwise.
Verdict refuse_residence_permit(std::string_view number) {
  if (const Verdict bad = malformed_18(number)) return bad;
  const std::string_view region = number.substr(0, 6);
  if (region != "810000" && region != "820000" && region != "830000") {
    return "person.id_no.province";
  }
  return wrong_birth_or_check(number);
}

// Until 2023: country (3 letters) and 12 digits, check rule unpublished. Since 2023-12: 9,
// province, ISO 3166 numeric, birth, sequence, check.
Verdict refuse_foreign_resident(std::string_view number) {
  const std::string_view letters = number.substr(0, 3);
  if (number.size() == 15 && std::all_of(letters.begin(), letters.end(), is_upper)) {
    return all_digits(number.substr(3)) ? Verdict{} : Verdict{"person.id_no.format"};
  }
  if (!number.starts_with('9')) return "person.id_no.format";
  if (const Verdict bad = malformed_18(number)) return bad;
  if (!is_province(number.substr(1, 2))) return "person.id_no.province";
  return wrong_birth_or_check(number);
}

bool is_hong_kong_macau_permit(std::string_view number) {
  const bool sized = number.size() == 9 || number.size() == 11;
  return sized && (number[0] == 'H' || number[0] == 'M') && all_digits(number.substr(1));
}

bool is_taiwan_permit(std::string_view number) {
  if (number.size() == 11 && is_upper(number.back())) number.remove_suffix(1);
  return (number.size() == 8 || number.size() == 10) && all_digits(number);
}

// Chinese passports ([EGDSPH], perhaps a letter, 7 or 8 digits) are a part of what others allow.
bool is_passport(std::string_view number) {
  return number.size() >= 5 && number.size() <= 15 && all_alphanumeric(number);
}

Verdict refuse_document(std::string_view id_type, std::string_view number) {
  if (id_type == kForeignResident) return refuse_foreign_resident(number);
  if (id_type == kResidencePermit) return refuse_residence_permit(number);
  const bool sound = id_type == kPassport       ? is_passport(number)
                     : id_type == kTaiwanPermit ? is_taiwan_permit(number)
                                                : is_hong_kong_macau_permit(number);
  return sound ? Verdict{} : Verdict{"person.id_no.format"};
}

std::string masked(std::string_view text) {
  constexpr std::size_t kShown = 3;
  constexpr std::size_t kNeverShown = 4;
  const std::size_t length = code_points(text);
  const std::size_t shown = length > kNeverShown ? std::min(kShown, length - kNeverShown) : 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < shown; ++i) next_code_point(text, at);
  return std::string(text.substr(0, at)).append(length - shown, '*');
}

}  // namespace

Result<IdentityNumber> check_resident_id(std::string_view text) {
  IdentityNumber id{clean(text)};
  if (const Verdict bad = unusable(id.number)) return fail(ErrorCode::InvalidArgument, *bad);
  if (id.number.size() == 15 && all_digits(id.number)) {
    id.number.insert(6, "19");
    id.number += check_character(id.number);
    id.converted = true;
  }
  if (const Verdict bad = refuse_resident(id.number)) return fail(ErrorCode::InvalidArgument, *bad);
  return id;
}

Result<IdentityNumber> check_identity(std::string_view id_type, std::string_view text) {
  if (std::find(std::begin(kResidentTypes), std::end(kResidentTypes), id_type) !=
      std::end(kResidentTypes)) {
    return check_resident_id(text);
  }
  const std::string number = clean(text);
  if (const Verdict bad = unusable(number)) return fail(ErrorCode::InvalidArgument, *bad);
  for (const std::string_view known :
       {kPassport, kTaiwanPermit, kHongKongMacauPermit, kForeignResident, kResidencePermit}) {
    if (id_type != known) continue;
    if (const Verdict bad = refuse_document(id_type, number)) {
      return fail(ErrorCode::InvalidArgument, *bad);
    }
    return IdentityNumber{number};
  }
  return IdentityNumber{normalise_space(text)};
}

Date birth_of(std::string_view resident_id) {
  return resident_id.size() == 18 ? birth_at_7(resident_id) : Date{};
}

std::string sex_of(std::string_view resident_id) {
  if (resident_id.size() != 18) return {};
  return (resident_id[16] - '0') % 2 == 1 ? "1" : "2";
}

std::string mask_identity(std::string_view number) {
  return masked(number);
}

std::string mask_name(std::string_view name) {
  if (name.empty()) return {};
  if (code_points(name) < 2) return "**";
  std::size_t at = 0;
  next_code_point(name, at);
  return std::string(name.substr(0, at)) + "**";
}

std::string mask_phone(std::string_view phone) {
  return masked(phone);
}

bool holds_a_number(std::string_view text) {
  constexpr int kShortestNumber = 11;  // a mobile phone
  int digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == kShortestNumber) return true;
  }
  return false;
}

// GB 32100-2015, 5.2: alphabet without I O S V Z, weights 3^(i-1) mod 31.
Result<std::string> check_uscc(std::string_view text) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const std::string code = clean(text);
  if (code.size() == 15 && all_digits(code)) return code;  // registration number before 2015
  if (code.find_first_not_of(kAlphabet) != std::string::npos) {
    return fail(ErrorCode::InvalidArgument, "organization.uscc.characters");
  }
  if (code.size() != 18) return fail(ErrorCode::InvalidArgument, "organization.uscc.length");
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (std::size_t i = 0; i < 17; ++i) {
    sum += kAlphabet.find(code[i]) * weight;
    weight = weight * 3 % 31;
  }
  if (kAlphabet[(31 - sum % 31) % 31] != code[17]) {
    return fail(ErrorCode::InvalidArgument, "organization.uscc.check");
  }
  return code;
}

}  // namespace chucai
