// make_import_roster ROWS FILE...: the roster of tests/support/roster.h as .csv or .xlsx.
#include <cstdio>
#include <cstdlib>

#include "tests/support/roster.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: make_import_roster ROWS FILE...\n");
    return 2;
  }
  for (int i = 2; i < argc; ++i) chucai::testing::write_roster(argv[i], std::atoll(argv[1]));
  return 0;
}
