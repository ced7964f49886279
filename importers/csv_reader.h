// CSV, TSV and their office cousins (RFC 4180 quoting, any of four delimiters), as a push scanner
// that takes the text in blocks of any size.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "importers/encoding.h"
#include "importers/table.h"

namespace chucai::importers {

/// Splits UTF-8 text into records. Quotes protect delimiters, quotes ("") and line breaks; a quote
/// inside an unquoted field is an ordinary character, so that ="..." survives (it is unwrapped).
/// A field that ends early or opens a quote and never closes it is taken as it stands.
class CsvScanner {
 public:
  /// `delimiter` is one character of , TAB ; or the full-width comma.
  CsvScanner(std::string delimiter, const Limits& limits, TableSink& sink);

  /// Errors: TooLarge import.file.cell, import.file.rows, import.file.columns; those of the sink.
  Done feed(std::string_view text);
  Done finish();

 private:
  Done take(char c);
  Done end_field();
  Done end_record();
  Done put(std::string_view text);
  std::size_t ordinary_run(std::string_view text) const;
  Done put_delimited(char c);

  enum class State { FieldStart, Plain, Quoted, QuoteInQuoted };

  std::string delimiter_;
  Limits limits_;
  TableSink& sink_;
  State state_ = State::FieldStart;
  bool after_return_ = false;
  std::string field_;
  std::vector<std::string> spare_;  ///< room of earlier cells, at most those of a row
  std::uint32_t column_ = 0;
  Row row_;
};

/// The delimiter that splits the first records most often and most evenly; comma when none does.
std::string sniff_delimiter(std::string_view head);

/// A reader over a text file. Errors: those of detect_encoding.
Result<std::unique_ptr<TableReader>> open_csv(const std::filesystem::path& path,
                                              const Limits& limits = {});

}  // namespace chucai::importers
