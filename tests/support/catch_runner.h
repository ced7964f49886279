// Catch itself, compiled once for all test programs.
#pragma once

namespace chucai::testing {

/// Runs the test cases linked in, as the arguments ask. Returns the exit code.
int run_catch(int argc, char** argv);

}  // namespace chucai::testing
