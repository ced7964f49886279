// The command line: `chucai [--data DIR] [--database URL] [--today DATE] [--json] COMMAND`.
#pragma once

namespace chucai::cli {

/// Runs one command. Exit status: 0 done, 1 refused or failed, 2 unusable arguments or file,
/// 3 an import that refused rows.
int run(int argc, char** argv);

}  // namespace chucai::cli
