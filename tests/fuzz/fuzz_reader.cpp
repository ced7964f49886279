// One reader over arbitrary bytes; which one, CHUCAI_FUZZ_OPEN says.
#include "importers/csv_reader.h"
#include "importers/html_reader.h"
#include "importers/ods_reader.h"
#include "importers/xls_reader.h"
#include "importers/xlsx_reader.h"
#include "importers/xml2003_reader.h"
#include "tests/fuzz/scratch.h"

using namespace chucai::importers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::ScratchFile scratch;
  auto reader = CHUCAI_FUZZ_OPEN(scratch.holding(data, size), testing::small_limits());
  if (!reader) return 0;
  for (int times = 0; times < 2; ++times) {
    testing::StrictSink sink;
    if (!(*reader)->read(sink)) break;
  }
  return 0;
}
