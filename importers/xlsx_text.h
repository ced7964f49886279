// Small grammar of sheet parts: rich text, cell references, escapes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::importers {

/// A cell's place: 1-based row, 0-based column.
struct CellReference {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
};

/// Reads "B7" or "$B$7".
std::optional<CellReference> parse_reference(std::string_view text);

/// Resolves _xHHHH_ escapes of control characters (_x000D_ is a carriage return).
std::string unescaped(std::string_view text);

/// Joins the <t> texts of an <is> or <si>, leaving out phonetic guides (<rPh>).
class RichText {
 public:
  void start(std::string_view element);
  void end(std::string_view element);
  /// Errors: TooLarge import.file.cell.
  Done text(std::string_view text, std::size_t limit);
  /// The text so far, unescaped; starts anew.
  std::string take();

 private:
  bool in_text_ = false;
  bool in_phonetic_ = false;
  std::string text_;
};

}  // namespace chucai::importers
