#include "importers/watched_reader.h"

#include <utility>

namespace chucai::importers {
namespace {

constexpr std::int64_t kStep = 1024;

/// Passes everything on and counts the rows.
class CountingSink : public TableSink {
 public:
  CountingSink(TableSink& sink, const ImportWatch& watch, std::int64_t of)
      : sink_(sink), watch_(watch), of_(of) {}

  bool sheet(const Sheet& sheet) override { return sink_.sheet(sheet); }
  void merged(const MergedRange& range) override { sink_.merged(range); }
  Done row(const Row& row) override {
    if (++rows % kStep == 0 && watch_ && !watch_({ImportPhase::Reading, rows, of_})) {
      return fail(ErrorCode::FailedPrecondition, "import.cancelled");
    }
    return sink_.row(row);
  }

  std::int64_t rows = 0;

 private:
  TableSink& sink_;
  const ImportWatch& watch_;
  std::int64_t of_;
};

}  // namespace

Done WatchedReader::read(TableSink& sink) {
  rows_before_ = std::exchange(rows_, 0);
  CountingSink counting(sink, watch_, rows_before_);
  Done done = reader_->read(counting);
  rows_ = counting.rows;
  return done;
}

}  // namespace chucai::importers
