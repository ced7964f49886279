// What importing a file would do, row by row, before anything is done: the plan is what a person
// confirms, what gets committed, and what an undo takes back.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/existing.h"
#include "importers/interpret.h"
#include "importers/table.h"

namespace chucai::importers {

/// What becomes of a row.
enum class Verdict : std::uint8_t {
  New,        ///< a record to create
  Updated,    ///< a stored record with changed fields
  Same,       ///< the register says the same already
  Duplicate,  ///< an earlier row of the file is about the same thing
  Review,     ///< a person has to decide
  Refused,    ///< a required cell is missing, names nothing or breaks a rule
};
inline constexpr std::size_t kVerdicts = 6;

/// "new", "updated", "same", "duplicate", "review", "refused".
std::string_view to_text(Verdict verdict);

/// Which rows may be taken.
enum class Mode : std::uint8_t { Upsert, Create, Update };

/// What is asked of a plan beside the file.
struct PlanOptions {
  Mode mode = Mode::Upsert;
  /// Fields by which a row finds its record; empty: as the kind does it.
  std::vector<const Field*> key = {};
  Mappings mappings = {};
};

/// A field of a stored record that a row would change.
struct FieldChange {
  std::string_view field;  ///< "extra": the office's columns
  std::string before;      ///< as to_text shows it; of "extra" empty
  std::string after;
};

struct PlannedRow {
  std::uint32_t sheet = 0;  ///< index into ImportPlan::sheets
  std::uint32_t row = 0;    ///< 1-based row or record
  bool hidden = false;      ///< in the sheet; it counts all the same
  Verdict verdict = Verdict::New;
  /// New: to insert. Updated: the stored record with the changes. Review: as understood. Else null,
  /// and for a row that goes on with the project of an earlier one.
  std::unique_ptr<Record> record;
  std::vector<FieldChange> changed;  ///< for Updated
};

/// One thing to tell the sender.
struct Issue {
  std::uint32_t sheet = 0;
  std::uint32_t row = 0;
  std::string_view column;  ///< canonical header; empty: the row
  Finding finding;
};

/// A row that holds no data.
struct SkippedRow {
  std::uint32_t sheet = 0;
  std::uint32_t row = 0;
  RowClass is = RowClass::Blank;
};

struct PlannedSheet {
  std::string name;
  bool hidden = false;
  std::optional<Header> header;   ///< nullopt: not a sheet of this kind, left out
  std::uint32_t hidden_rows = 0;  ///< data rows that the sheet hides, taken like the others
};

/// What a workbook that went back to its sender says of itself (importers/error_report.h).
struct Continuation {
  std::int64_t batch = 0;   ///< that took its good rows; 0: it took none
  std::string file_digest;  ///< of the file whose failed rows it holds
};

struct ImportPlan {
  const Kind* kind = nullptr;
  std::vector<PlannedSheet> sheets;
  std::vector<PlannedRow> rows;              ///< data rows, in file order
  std::vector<SkippedRow> skipped;           ///< with their reason, blank rows left out
  std::vector<Issue> issues;                 ///< in file order
  std::vector<std::string> unknown_headers;  ///< kept with the records under these names
  std::optional<Continuation> continues;     ///< the file is a mended workbook of failed rows

  /// Rows by verdict; they add up to rows.size().
  std::array<std::size_t, kVerdicts> counts() const;
};

/// Reads the file twice (layout, then rows) and plans every row.
/// Errors: those of the reader and of `existing`; InvalidArgument import.header.absent, and
/// import.header.required naming the columns.
Result<ImportPlan> make_plan(TableReader& reader, const Kind& kind,
                             const Understanding& understanding, const ExistingRecords& existing,
                             const PlanOptions& options = {});

/// Reads `姓名,出生日期` as the fields of a kind that tell its records apart. Errors:
/// InvalidArgument "import.key" naming a column that cannot be one.
Result<std::vector<const Field*>> parse_key(const Kind& kind, std::string_view text);

/// The stored record with what a draft says: blanks keep the old value, roles and extras add up, a
/// less precise date that agrees changes nothing, a sealed number is only ever filled in.
std::unique_ptr<Record> merged(const RecordType& type, const Record& stored, const Record& draft);

/// The sheet of a workbook that names the batch which it goes on with.
inline constexpr std::string_view kBatchSheet = "楚才批次";
inline constexpr std::string_view kBatchLabel = "batch";  ///< its rows: batch and file digest
inline constexpr std::string_view kFileLabel = "file";

}  // namespace chucai::importers
