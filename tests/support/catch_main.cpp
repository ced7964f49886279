// main() of the test programs that have none of their own: the linker takes it from the library
// only then.
#include "tests/support/catch_runner.h"

int main(int argc, char** argv) {
  return chucai::testing::run_catch(argc, argv);
}

#ifdef __SANITIZE_THREAD__
// Tests fork children to kill them, beside threads of the parent that a child has no use for.
extern "C" const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "die_after_fork=0";
}
#endif
