// Checked rows of a file as bytes, for as long as they wait to be applied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
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

/// All of one type. Numbers of people are among the bytes: they are sealed before they are kept.
std::string pack_rows(const RecordType& type, std::span<const StagedRow> rows);

struct UnpackedRows {
  const RecordType* type = nullptr;
  std::vector<StagedRow> rows;
};
/// Errors: FailedPrecondition "import.stage.unreadable" for what another version of the program
/// packed.
Result<UnpackedRows> unpack_rows(std::string_view bytes);

}  // namespace chucai
