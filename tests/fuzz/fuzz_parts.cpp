// The readers of zip packages over arbitrary parts: a checksum stands in the way of fuzzing the
// package itself. The input is the parts one behind the other, divided by form feeds.
#include <unistd.h>
#include <zip.h>

#include <array>
#include <string_view>

#include "importers/ods_reader.h"
#include "importers/xlsx_reader.h"
#include "tests/fuzz/scratch.h"

using namespace chucai::importers;

namespace {

#ifdef CHUCAI_FUZZ_xlsx
constexpr auto kOpen = open_xlsx;
constexpr std::array kParts = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                               "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
#else
constexpr auto kOpen = open_ods;
constexpr std::array kParts = {"content.xml", "META-INF/manifest.xml"};
#endif

void pack(const std::string& path, std::string_view parts) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const char* name : kParts) {
    const std::size_t end = std::min(parts.find('\f'), parts.size());
    if (end > 0) {
      zip_source_t* source = zip_source_buffer(archive, parts.data(), end, 0);
      const auto index = zip_file_add(archive, name, source, 0);
      zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
    }
    parts.remove_prefix(std::min(end + 1, parts.size()));
  }
  zip_close(archive);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path = "/dev/shm/chucai-fuzz-" + std::to_string(getpid());
  pack(path, {reinterpret_cast<const char*>(data), size});
  auto reader = kOpen(path, testing::small_limits());
  if (!reader) return 0;
  testing::StrictSink sink;
  (void)(*reader)->read(sink);
  return 0;
}
