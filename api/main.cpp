// Start of the program: everything is a command of the command line, but for the process that a
// file is parsed in.
#include "api/cli/cli.h"
#include "importers/confined_reader.h"

int main(int argc, char** argv) {
  using namespace chucai;
  const bool parses = argc > 2 && argv[1] == importers::kServeTable;
  return parses ? importers::serve_table(argc - 2, argv + 2) : cli::run(argc, argv);
}
