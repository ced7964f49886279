// RFC 4180 text in memory, record by record: how the tables compiled into the binary are read.
// Spreadsheets of offices have their own streaming reader (importers), which forgives more.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/embedded.h"
#include "registry/domain/result.h"

namespace chucai {

/// Walks over the records of a text that outlives it. Lines end in LF or CRLF; a field in quotes
/// may hold commas, line breaks and doubled quotes.
class CsvText {
 public:
  explicit CsvText(std::string_view text) : text_(text) {}
  CsvText(const CsvText&) = delete;
  CsvText& operator=(const CsvText&) = delete;

  /// Moves to the next record; false at the end, or at a malformed record.
  bool next();
  /// Fields of the current record; they view the text or this object until the next call.
  std::span<const std::string_view> fields() const { return fields_; }
  /// 1-based line on which the current record starts.
  std::size_t line() const { return line_; }
  /// True when next() stopped at a quote that never closes, or that text stands beside.
  bool malformed() const { return malformed_; }

 private:
  bool read_plain();
  bool read_quoted();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  bool malformed_ = false;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unescaped_;  // fields that held doubled quotes
};

/// A table of the binary: comment lines (#), a header row, then records of as many fields.
class CsvTable {
 public:
  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

  explicit CsvTable(const EmbeddedFile& file);

  /// Place of the column called `name`, or kNoColumn.
  std::size_t column(std::string_view name) const;
  /// The header row.
  const std::vector<std::string>& header() const { return header_; }
  /// Moves to the next record; false at the end, or at a bad one (see finish).
  bool next();
  /// The field in `column` of the current record; empty for kNoColumn.
  std::string_view at(std::size_t column) const;
  /// 1-based line of the current record.
  std::size_t line() const;
  /// Lines of the table: no more records than these.
  std::size_t rows_at_most() const;
  /// A failure at the current record: Internal, codes.malformed, naming file and line.
  tl::unexpected<Error> malformed() const;
  /// Whether next() came to the end of a sound table. Errors: as malformed().
  Done finish() const;

 private:
  std::string_view name_;
  std::string_view text_;
  std::size_t comment_lines_ = 0;
  CsvText rows_;
  std::vector<std::string> header_;
  bool sound_ = false;
};

}  // namespace chucai
