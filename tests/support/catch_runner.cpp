#include "tests/support/catch_runner.h"

#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#ifdef __SANITIZE_THREAD__
// Tests fork children to kill them, beside threads of the parent that a child has no use for.
extern "C" const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "die_after_fork=0";
}
#endif

namespace chucai::testing {

int run_catch(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}

}  // namespace chucai::testing
