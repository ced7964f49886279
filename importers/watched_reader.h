// A reader that tells how many rows it has pushed, and stops when it is asked to.
#pragma once

#include <memory>

#include "importers/table.h"
#include "registry/domain/import_progress.h"

namespace chucai::importers {

class WatchedReader : public TableReader {
 public:
  WatchedReader(std::unique_ptr<TableReader> reader, ImportWatch watch)
      : reader_(std::move(reader)), watch_(std::move(watch)) {}

  /// Errors beside those of the reader: FailedPrecondition "import.cancelled".
  Done read(TableSink& sink) override;
  /// Rows of the last reading.
  std::int64_t rows() const { return rows_; }

 private:
  std::unique_ptr<TableReader> reader_;
  ImportWatch watch_;
  std::int64_t rows_ = 0;
  std::int64_t rows_before_ = 0;  ///< of the reading before it
};

}  // namespace chucai::importers
