// What a sheet of each KIND may hold: the canonical headers in the order of the export, the other
// ways in which offices write them, and how a cell of each becomes a field of the record.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "registry/domain/record.h"

namespace chucai::importers {

/// How the text of a cell becomes a value, and back.
enum class Reading : std::uint8_t {
  Ignored,          ///< 序号, 数据标识: read by nobody, written by nobody
  RecordId,         ///< 系统编号: the record itself, as an export with --ids names it
  Text,             ///< one line
  Name,             ///< of a person
  Employer,         ///< name of an organization
  Date,             ///< any precision
  BirthDate,        ///< a lost day is completed from the identity number
  BirthMonth,       ///< the form asks for the month; exported as YYYY-MM
  Code,             ///< written as the term's name
  CodeNumber,       ///< written as the term's code; its NameOfCode column stands beside it
  CodeList,         ///< several names
  NameOfCode,       ///< field X_text: the name of the code in X, or what was written instead of it
  Branch,           ///< name of the top ancestor of the code in the field
  RegionCode,       ///< six digits or more
  RegionName,       ///< field X_text: the full name of the region in X
  RegionList,       ///< several region names
  List,             ///< several texts
  Title,            ///< professional title
  Integer,          ///< whole number, unit allowed (3人)
  TenThousandYuan,  ///< money written in 万元, kept in fen
  Yuan,             ///< money written in 元, kept in fen
  Hundredths,       ///< a number with up to two decimals, kept times 100
  MilestoneName,    ///< with MilestoneDue and MilestoneStatus one milestone of a project; a project
  MilestoneDue,     ///< has a row for each of them
  MilestoneStatus,
  Phone,
  Email,
  Identity,      ///< number of the document named by 证件类型
  Uscc,          ///< unified social credit code
  Reference,     ///< number of another record (需求编号)
  PersonNumber,  ///< number of a person, resolved and not kept; an unknown one is reported
  Subject,       ///< who takes part; the header says which record type
  Party,         ///< a party of a link or the like; the field beside it says which kind
  Referred,      ///< a text of the record referred to, for people who read the sheet
};

/// What the importer insists on.
enum class Presence : std::uint8_t {
  Optional,
  Noticed,    ///< a blank is reported as `missing`
  Required,   ///< a row without it is refused
  TakenOnly,  ///< read where offices write it, never exported
};

struct Column {
  std::string_view header;  ///< canonical, zh
  std::string_view field;   ///< of the record type; empty for Ignored and Referred
  Reading reading;
  Presence presence = Presence::Optional;
  std::string_view synonyms =
      {};  ///< separated by '|'; the header itself and the field's name count too
};

struct Kind {
  std::string_view name;  ///< as in `--as KIND`
  const RecordType& (*type)();
  std::span<const Column> columns;
  /// Value that a new record of this kind starts with, and the role it gives to a person.
  std::string_view status = {};
  std::string_view role = {};

  /// The column with this canonical header, or null.
  const Column* column(std::string_view header) const;
  /// The first column with this reading, or null.
  const Column* column(Reading reading) const;
};

/// Every kind that can be imported and exported.
std::span<const Kind> kinds();
/// The kind called `name`, or null.
const Kind* find_kind(std::string_view name);

/// The column that an office means by a header as written, or null. Stars, colons, blanks, width
/// and remarks in brackets do not matter. O(columns).
const Column* find_column(const Kind& kind, std::string_view written);

/// A header in the form in which headers are compared: folded, without stars and colons.
std::string header_key(std::string_view written);

/// What a correction may name beside the columns of a kind: 忽略, which nobody keeps, and 保留,
/// which stays under its header.
const Column& ignored_column();
const Column& kept_column();

/// The code field that an X_text field stands beside: "region_text" -> "region".
std::string_view code_field_of(std::string_view text_field);

}  // namespace chucai::importers
