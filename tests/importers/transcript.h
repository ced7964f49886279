// What a reader found, as text that a test can compare and a person can read.
#pragma once

#include <string>

#include "importers/table.h"

namespace chucai::importers::testing {

/// Writes one line a row: "2: A=text B=d:1985-03-07"; kinds other than text are n: d: e: f:.
class Transcript : public TableSink {
 public:
  bool sheet(const Sheet& sheet) override {
    if (!sheet.name.empty()) text += "[" + sheet.name + (sheet.hidden ? " hidden]\n" : "]\n");
    return true;
  }
  Done row(const Row& row) override {
    ++rows;
    text += std::to_string(row.number) + (row.hidden ? " hidden:" : ":");
    for (const Cell& cell : row.cells) {
      static const char* const kKinds[] = {"", "n:", "d:", "e:", "f:"};
      text += ' ';
      text += cell.column < 26 ? std::string(1, static_cast<char>('A' + cell.column))
                               : std::to_string(cell.column);
      text += '=';
      text += kKinds[static_cast<std::size_t>(cell.kind)] + cell.text;
    }
    text += '\n';
    return {};
  }
  void merged(const MergedRange& range) override {
    text += "merged " + std::to_string(range.first_row) + "-" + std::to_string(range.last_row) +
            "x" + std::to_string(range.first_column) + "-" + std::to_string(range.last_column) +
            "\n";
  }

  std::string text;
  std::size_t rows = 0;
};

}  // namespace chucai::importers::testing
