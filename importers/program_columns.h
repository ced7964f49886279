// The columns that a programme adds to the base sets, as registry/codes/programs.csv writes them:
// "P + R + 引进方式(全职/柔性), 合同期" is a sheet of people, and one of participations with two
// more columns, of which the first offers two choices.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "importers/columns.h"

namespace chucai::importers {

/// A column of a programme.
struct ProgramColumn {
  std::string header;
  std::vector<std::string> choices = {};  ///< empty: free text

  bool operator==(const ProgramColumn&) const = default;
};

/// One base set with what the programme adds to it.
struct ColumnSet {
  const Kind* kind = nullptr;
  std::vector<ProgramColumn> added;
};

/// The sets of a programme in the order in which it names them. What stands in brackets behind a
/// base and a blank, or behind L and N, is a remark.
std::vector<ColumnSet> column_sets(std::string_view import_columns);

}  // namespace chucai::importers
