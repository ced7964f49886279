#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#ifdef __SANITIZE_THREAD__
// Tests fork children to kill them, beside threads of the parent that a child has no use for.
extern "C" const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "die_after_fork=0";
}
#endif
