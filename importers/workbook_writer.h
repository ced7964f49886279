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

/// A remark on one cell of an annotated row.
struct CellRemark {
  std::uint32_t column = 0;
  std::string text;
};

/// The workbook that goes back to the sender: his own layout, bad cells coloured and commented.
class AnnotatedWorkbook {
 public:
  /// Errors: Unavailable export.write.
  static Result<AnnotatedWorkbook> create(const std::filesystem::path& path);
  AnnotatedWorkbook(AnnotatedWorkbook&&) noexcept;
  ~AnnotatedWorkbook();

  /// Starts a sheet; rows follow in order. Names are shortened to what Excel allows.
  Done sheet(std::string_view name);
  /// A row of the layout itself: titles, headers.
  Done heading(std::span<const std::string> cells);
  /// A failed row; every remark colours its cell.
  Done row(std::span<const std::string> cells, std::span<const CellRemark> remarks);
  Done finish();

 private:
  struct Impl;
  explicit AnnotatedWorkbook(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chucai::importers
