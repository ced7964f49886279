// An import batch (导入批次): one file that was read, checked and applied, or undone.
#pragma once

#include <cstdint>
#include <string>

namespace chucai {

/// What became of the rows of a file; the six add up to `rows`.
struct ImportCounts {
  std::int64_t rows = 0;
  std::int64_t added = 0;  ///< "new" in JSON
  std::int64_t updated = 0;
  std::int64_t same = 0;
  std::int64_t duplicate = 0;  ///< the same record once more in this file
  std::int64_t review = 0;     ///< somebody must look: a likely twin, an unusable identity number
  std::int64_t refused = 0;

  bool operator==(const ImportCounts&) const = default;
};

struct ImportBatch {
  std::int64_t id = 0;
  std::string kind;  ///< "persons", "experts" ... (COLUMNS)
  std::string file_name;
  std::string file_digest;  ///< SHA-256 in hex
  std::string office;       ///< region of the importing office
  std::string actor;
  std::string mode;    ///< upsert, create, update
  std::string status;  ///< scheme import_status
  ImportCounts counts;
  std::int64_t created_at = 0;   ///< microseconds UTC
  std::int64_t finished_at = 0;  ///< 0: not yet
  std::int64_t continues = 0;    ///< the batch whose failed rows it mends; 0: none
  std::string continued_digest;  ///< of the file that those rows were in; empty: it mends none
};

}  // namespace chucai
