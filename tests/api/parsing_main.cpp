// The service starts its own program again to parse a file (importers/confined_reader.h); in tests
// that is the test program.
#include "importers/confined_reader.h"
#include "tests/support/catch_runner.h"

int main(int argc, char** argv) {
  using namespace chucai;
  const bool parses = argc > 2 && argv[1] == importers::kServeTable;
  return parses ? importers::serve_table(argc - 2, argv + 2) : testing::run_catch(argc, argv);
}
