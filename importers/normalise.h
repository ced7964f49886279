// From what offices write to what the register keeps: pure functions of one cell. Each says whether
// it repaired anything beyond trimming and width, or why it could not; nothing is ever guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/table.h"
#include "registry/domain/code_book.h"
#include "registry/domain/date.h"
#include "registry/domain/region_map.h"

namespace chucai::importers {

/// How much a finding matters.
enum class Severity : std::uint8_t {
  Info,     ///< a cell was repaired for certain
  Notice,   ///< a cell is blank that should not be
  Warning,  ///< a cell could not be used, or the row waits for a person to decide
  Error,    ///< the row is refused
};

/// "info", "notice", "warning", "error".
std::string_view to_text(Severity severity);

/// What there is to say about a cell. `reason` is a key of messages.csv; parameters never hold
/// personal data.
struct Finding {
  std::string reason;
  Severity severity = Severity::Info;
  std::vector<std::string> params = {};

  bool operator==(const Finding&) const = default;
};

/// A cell understood: the value (default-constructed when there is none) and at most one finding.
template <class T>
struct Understood {
  T value{};
  std::optional<Finding> finding{};
};

/// Tidied text of a cell: the leading apostrophe that protects digits dropped, a line break between
/// two Han characters closed up, any other made a blank.
Understood<std::string> read_text(std::string_view raw);

/// True for nothing, and for what people put into a cell that they leave blank: - — / 无 N/A 暂无.
bool is_placeholder(std::string_view tidied);

/// A person's name: blanks inside a Han name dropped (张  三), middle dots of any kind made ·,
/// those of foreign names kept single. Findings: name.rewritten; name.several (张三、李四: a row is
/// about one person).
Understood<std::string> read_name(std::string_view raw);

/// An organization's name, without blanks between Han characters. Finding: name.rewritten.
Understood<std::string> read_employer(std::string_view raw);

/// What a date column knows beside the cell.
struct DateContext {
  Date today;          ///< the business date; decides the century of 85.3
  bool birth = false;  ///< never after today
};

/// A date as written. `ambiguous`: 1985.1 may be January or October; `date` is the year then.
struct WrittenDate {
  Date date;
  bool ambiguous = false;
};

/// Reads 1985-03-07, 1985.03, 85.3, 198503, 19850307, 1985年3月, 1985/3/7, 31113 (serial),
/// 1985-03-07 00:00:00 and date cells. Findings: date.rewritten, date.ambiguous, date.unreadable.
Understood<WrittenDate> read_date(const Cell& cell, const DateContext& context);

/// A mobile number as 11 digits; a landline and anything else that may be one as written. Of
/// several numbers the first one: cell.several. Findings: phone.rewritten, phone.damaged (4.2E+10:
/// digits are lost), phone.form.
Understood<std::string> read_phone(const Cell& cell);

/// A document number. Findings: person.id_no.rewritten, or the reason of check_identity.
Understood<std::string> read_identity(const Cell& cell, std::string_view id_type);

/// A unified social credit code. Findings: the reason of check_uscc.
Understood<std::string> read_uscc(const Cell& cell);

/// A whole number with or without a unit (3人). Findings: number.rewritten, number.unreadable.
Understood<std::optional<std::int64_t>> read_integer(std::string_view raw);

/// Texts of one cell, split at the strongest mark that occurs only (、 before ； before ， before a
/// line break), so that 天线/馈线 or a comma within a part stays.
std::vector<std::string> read_list(std::string_view raw);

/// Money written in units of `fen_per_unit` (万元: 1,000,000), exactly, half a fen never rounded
/// away unsaid. Findings: number.rewritten, number.unreadable.
Understood<std::optional<std::int64_t>> read_money(std::string_view raw, std::int64_t fen_per_unit);

/// A term written by name. `value` is its code. Findings: code.rewritten, code.unknown,
/// code.ambiguous.
Understood<std::string> read_term(const CodeBook& codes, std::string_view scheme,
                                  std::string_view raw);

/// A mail address; of several the first one. Findings: cell.several.
Understood<std::string> read_email(std::string_view raw);

/// A professional title: 高工 -> 高级工程师, 教授、博导 -> 教授, 工程师/项目经理 -> 工程师. A title
/// that no table knows is kept as written. Findings: title.rewritten; cell.several when a part is
/// left over.
Understood<std::string> read_title(const CodeBook& codes, std::string_view raw);

/// The only term of a scheme that a name can mean: of several on one line of the tree (645 and 6450
/// 互联网数据服务) the deepest. Null when none, or when it could be two.
const Term* only_term(const CodeBook& codes, std::string_view scheme, std::string_view name);

}  // namespace chucai::importers
