// The encoding rule, the delimiter rule and the search for a header of any kind in what comes of
// them.
#include "importers/csv_reader.h"
#include "importers/header.h"
#include "tests/fuzz/scratch.h"

using namespace chucai;
using namespace chucai::importers;

namespace {

class FirstRows : public TableSink {
 public:
  bool sheet(const Sheet&) override { return true; }
  Done row(const Row& row) override {
    if (rows.size() < 2 * kHeaderSearchRows) rows.push_back(row);
    return {};
  }
  std::vector<Row> rows;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::ScratchFile scratch;
  auto reader = open_csv(scratch.holding(data, size), testing::small_limits());
  FirstRows sink;
  if (!reader || !(*reader)->read(sink)) return 0;
  for (const Kind& kind : kinds()) {
    const auto header = find_header(sink.rows, kind);
    if (!header) continue;
    if (header->row > header->last_row) __builtin_trap();
    for (const Row& row : sink.rows) (void)classify_row(row, *header);
  }
  return 0;
}
