// What people said a header means: corrections of the column dictionary, told for one import
// (`--map 列名=字段`) or learned from an earlier one of the same office and kind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "importers/columns.h"
#include "registry/domain/result.h"

namespace chucai::importers {

/// How a column of a sheet came to its meaning.
enum class Meaning : std::uint8_t {
  Unknown,  ///< kept under its header
  Known,    ///< by the dictionary
  Learned,  ///< an earlier import of the office was told so
  Told,     ///< said with this import
};

/// "unknown", "known", "learned", "told".
std::string_view to_text(Meaning meaning);

/// One correction.
struct Mapping {
  std::string header;              ///< as headers are compared (header_key)
  const Column* column = nullptr;  ///< kept_column(): as no table knows it, under its header
  Meaning by = Meaning::Told;
};

/// Corrections of one office and kind; each header once, what was told before what was learned.
class Mappings {
 public:
  void add(Mapping mapping);
  /// The correction of a header as written, or null. O(corrections).
  const Mapping* of(std::string_view written) const;
  const std::vector<Mapping>& all() const { return all_; }

 private:
  std::vector<Mapping> all_;
};

/// Reads `列名=字段`: the right side is a canonical header, a field's name, `忽略` (nobody keeps
/// the column) or `保留` (kept under its header, whatever the dictionary says). Errors:
/// InvalidArgument "import.map.form", "import.map.column" naming the right side.
Result<Mapping> parse_mapping(const Kind& kind, std::string_view text);

/// The column that the right side of a correction names; null: none.
const Column* mapping_target(const Kind& kind, std::string_view name);

}  // namespace chucai::importers
