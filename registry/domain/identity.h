// Identity numbers of people and organizations: what is well formed, what can be repaired for
// certain, what they say, and how they are shown. Source: GB 11643-1999, GB 32100-2015.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/domain/date.h"
#include "registry/domain/result.h"

namespace chucai {

/// A resident identity number after the repairs that lose nothing.
struct IdentityNumber {
  std::string number;      ///< 18 characters, upper-case X
  bool converted = false;  ///< it was a 15-digit number
};

/// Checks a resident identity number (GB 11643). Accepts full-width forms, lower-case x, a leading
/// apostrophe and blanks; turns 15 digits into 18. Errors (reason): person.id_no.length, .masked,
/// .characters, .damaged (written as 4.2E+17: digits are lost), .province, .birth, .check.
Result<IdentityNumber> check_resident_id(std::string_view text);

/// Normalises and checks a number of any id_type (scheme id_type); unknown kinds are kept trimmed.
Result<IdentityNumber> check_identity(std::string_view id_type, std::string_view text);

/// Birth date and sex code ("1" or "2") that a checked resident number says.
Date birth_of(std::string_view resident_id);
std::string sex_of(std::string_view resident_id);

/// The mask shown everywhere: first 3 characters, then stars; at most 3 are ever shown and the
/// last four never.
std::string mask_identity(std::string_view number);
/// 138********: the first three characters, then stars.
std::string mask_phone(std::string_view phone);

/// 沈**: the first character of a name, whatever its length.
std::string mask_name(std::string_view name);

/// True when eleven digits or more stand together: a phone or an identity number, which messages
/// and the audit trail must not quote.
bool holds_a_number(std::string_view text);

/// Checks a unified social credit code (GB 32100) and returns it upper-cased. Errors (reason):
/// organization.uscc.length, .characters, .check. 15-digit registration numbers are returned as
/// they are.
Result<std::string> check_uscc(std::string_view text);

}  // namespace chucai
