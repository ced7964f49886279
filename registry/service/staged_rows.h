// Checked rows of a file as bytes, for as long as they wait to be applied.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/record.h"
#include "registry/domain/result.h"

namespace chucai {

/// One checked row of a file. `record->version` 0: new, else the version that was read.
struct StagedRow {
  std::int64_t row = 0;  ///< row in the sheet
  std::unique_ptr<Record> record;
};

/// Packs rows of one type. Numbers of people are among the bytes: they are sealed before they are
/// kept.
class RowPacker {
 public:
  explicit RowPacker(const RecordType& type);
  void add(const StagedRow& row);
  std::int64_t rows() const { return rows_; }
  const std::string& bytes() const { return bytes_; }

 private:
  const RecordType& type_;
  std::int64_t rows_ = 0;
  std::string bytes_;
};

struct UnpackedRows {
  const RecordType* type = nullptr;
  std::vector<StagedRow> rows;
};
/// Errors: FailedPrecondition "import.stage.unreadable" for what another version of the program
/// packed.
Result<UnpackedRows> unpack_rows(std::string_view bytes);

}  // namespace chucai
