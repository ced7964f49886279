// Prints what a reader finds in a file: the transcript that the fixture tests compare, one line a
// cell (--cells) for comparison with other programs' readers, or counts (--count), parsed here or
// (--confined) in a process of its own, which is this program again.
#include <cstdio>
#include <string_view>

#include "importers/confined_reader.h"
#include "importers/sniff.h"
#include "tests/importers/transcript.h"

using namespace chucai;
using namespace chucai::importers;

namespace {

/// sheet TAB row TAB column TAB text, with line breaks and tabs in texts made visible.
class CellLines : public TableSink {
 public:
  bool sheet(const Sheet&) override {
    ++sheet_;
    return true;
  }
  Done row(const Row& row) override {
    for (const Cell& cell : row.cells) {
      std::printf("%d\t%u\t%u\t%d\t", sheet_, row.number, cell.column + 1,
                  static_cast<int>(cell.kind));
      for (const char c : cell.text) {
        if (c == '\n' || c == '\r' || c == '\t') {
          std::fputs(c == '\t' ? "\\t" : c == '\r' ? "\\r" : "\\n", stdout);
        } else {
          std::putchar(c);
        }
      }
      std::putchar('\n');
    }
    return {};
  }

 private:
  int sheet_ = 0;
};

/// Counts only: what a benchmark asks for.
class Counter : public TableSink {
 public:
  bool sheet(const Sheet&) override { return true; }
  Done row(const Row& row) override {
    ++rows;
    cells += row.cells.size();
    for (const Cell& cell : row.cells) bytes += cell.text.size();
    return {};
  }
  std::uint64_t rows = 0, cells = 0, bytes = 0;
};

int refused(const Error& error) {
  std::fprintf(stderr, "%s", error.problem.reason.c_str());
  for (const std::string& param : error.problem.params) std::fprintf(stderr, " %s", param.c_str());
  std::fprintf(stderr, "\n");
  return 1;
}

struct Options {
  bool cells = false;
  bool count = false;
  bool confined = false;
};

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; ++i) {
    const std::string_view word = argv[i];
    options.cells = options.cells || word == "--cells";
    options.count = options.count || word == "--count";
    options.confined = options.confined || word == "--confined";
    if (word != "--cells" && word != "--count" && word != "--confined") return false;
  }
  return argc > 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 && argv[1] == kServeTable) return serve_table(argc - 2, argv + 2);
  Options options;
  if (!parse(argc, argv, options)) {
    std::fprintf(stderr, "usage: table_dump [--cells|--count] [--confined] FILE\n");
    return 2;
  }
  auto reader = options.confined ? open_confined(argv[argc - 1]) : open_table(argv[argc - 1]);
  if (!reader) return refused(reader.error());
  CellLines lines;
  Counter counter;
  importers::testing::Transcript transcript;
  TableSink& sink = options.cells   ? static_cast<TableSink&>(lines)
                    : options.count ? static_cast<TableSink&>(counter)
                                    : transcript;
  if (const Done done = (*reader)->read(sink); !done) return refused(done.error());
  if (options.count) {
    std::printf("%llu rows, %llu cells, %llu bytes\n",
                static_cast<unsigned long long>(counter.rows),
                static_cast<unsigned long long>(counter.cells),
                static_cast<unsigned long long>(counter.bytes));
  } else if (!options.cells) {
    std::fputs(transcript.text.c_str(), stdout);
  }
  return 0;
}
