// Tables out: CSV that Excel opens without harm, and workbooks through libxlsxwriter. Everything is
// written as text, row by row, so that no digit of an identity number is lost and memory stays
// flat.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/domain/result.h"

namespace chucai::importers {

/// Takes a header row, then data rows of the same width.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  /// Errors: Unavailable export.write when the disk says no.
  virtual Done row(std::span<const std::string> cells) = 0;
  /// Completes the file; without it nothing useful is left. Errors: Unavailable export.write.
  virtual Done finish() = 0;
};

/// One field of a CSV file: a leading = + - @ TAB or CR, which a spreadsheet would run as a
/// formula, is kept harmless behind an apostrophe; quoted when RFC 4180 asks for it.
std::string csv_field(std::string_view text);

/// UTF-8 with a byte order mark, CRLF line ends. Errors: Unavailable export.write.
Result<std::unique_ptr<TableWriter>> create_csv(const std::filesystem::path& path);
/// One sheet with a bold, frozen header row and text cells. Errors: Unavailable export.write.
Result<std::unique_ptr<TableWriter>> create_xlsx(const std::filesystem::path& path,
                                                 const std::string& sheet_name);

/// How a cell of a form looks.
enum class Look : std::uint8_t {
  Plain,     ///< text
  Heading,   ///< bold
  Required,  ///< the heading of a column that must be filled
  Example,   ///< grey: shows how, is not read
  Bad,       ///< coloured as Excel colours what is bad
};

/// A cell of a form; a remark shows when the pointer rests on it.
struct FormCell {
  std::string text;
  Look look = Look::Plain;
  std::string remark = {};
};

/// Whether a cell with a dropdown may hold something else.
enum class OtherText : std::uint8_t { Asked, Allowed };

/// Workbooks that people fill in or mend: templates, and failed rows on their way back. Every cell
/// is text, blank ones too, so that typing a number keeps its digits. Lists of dropdowns stand on a
/// hidden sheet: given in place they may not exceed 255 characters.
class FormWorkbook {
 public:
  /// Errors: Unavailable export.write.
  static Result<FormWorkbook> create(const std::filesystem::path& path);
  FormWorkbook(FormWorkbook&&) noexcept;
  ~FormWorkbook();

  /// Starts a sheet; rows follow in order. Names are shortened to what Excel allows.
  Done sheet(std::string_view name);
  Done row(std::span<const FormCell> cells);
  /// Keeps the rows written so far in view.
  void freeze();
  /// Offers `choices` in a column (0-based), from the next row for `rows` rows on.
  Done offer(std::uint32_t column, std::uint32_t rows, std::span<const std::string> choices,
             OtherText other);
  /// A sheet that nobody sees, of label and text.
  Done hidden_sheet(std::string_view name,
                    std::span<const std::pair<std::string, std::string>> rows);
  Done finish();

 private:
  struct Impl;
  explicit FormWorkbook(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// True when a file can be written there; creates or empties it. Errors: Unavailable export.write.
Done check_writable(const std::filesystem::path& path);

}  // namespace chucai::importers
