// main() of the test programs that have none of their own: the linker takes it from the library
// only then.
#include "tests/support/catch_runner.h"

int main(int argc, char** argv) {
  return chucai::testing::run_catch(argc, argv);
}
