// A term that an office adds to a code table (词表): a language, a title, a relation that the
// shipped tables lack. Loaded into the code book when a register is opened.
#pragma once

#include "registry/domain/code_book.h"
#include "registry/domain/record.h"

namespace chucai {

struct OfficeTerm : Record {
  std::string scheme;  ///< code table, one of its own or a shipped one that is open
  std::string code;
  std::string name;
  std::string name_en;
  std::string parent;  ///< code in the same scheme
  std::vector<std::string> aliases;
  Date valid_from;
  Date valid_to;
  std::vector<std::string> flags;

  bool operator==(const OfficeTerm&) const = default;
};

template <>
const RecordType& type_of<OfficeTerm>();

/// The entry of the code book; its level is that of its parent in `codes` plus one.
Term to_term(const OfficeTerm& term, const CodeBook& codes);

/// True for code tables that rules branch on or that stand for official areas: an office cannot
/// add to them.
bool is_closed_scheme(std::string_view scheme);

}  // namespace chucai
