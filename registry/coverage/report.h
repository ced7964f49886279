// An answer as a table that speaks for itself: columns, rows, and what somebody who reads a printed
// page must know: rule, day, scope, version. JSON, CSV and workbooks are written from it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "registry/domain/date.h"

namespace chucai::coverage {

/// A small number that the reader may not know.
struct Masked {
  bool operator==(const Masked&) const = default;
};
/// Nothing to say (a denominator that nobody set), a text, a number, a share, a masked number.
using Value = std::variant<std::monostate, std::string, std::int64_t, double, Masked>;

/// What a column holds, and so how it is shown.
enum class Kind : std::uint8_t {
  Text,    ///< as it stands
  Term,    ///< code of the scheme that `scheme` names
  Number,  ///< a count
  Money,   ///< fen
  Share,   ///< 0..1 and above
};

struct ReportColumn {
  std::string name;  ///< stable: program, region, numerator, ...
  Kind kind = Kind::Number;
  std::string scheme{};  ///< of codes; "program" for programmes
};

/// How a chart of it is best drawn.
enum class Chart : std::uint8_t { None, Column, Line, Bar };

struct Report {
  std::string name;  ///< of the question, "pivot" for one of the moment
  std::string rule;  ///< key of the rule in words (registry/codes/messages.csv)
  std::vector<ReportColumn> columns;
  std::vector<std::vector<Value>> rows;
  Chart chart = Chart::None;
  Date as_of;
  std::string scope;
  std::int64_t version = 0;  ///< of the cube
  std::int64_t masked = 0;   ///< how many numbers are masked
};

}  // namespace chucai::coverage
