// Looks a register over: what an operator asks first when something is wrong, and before it is.
#pragma once

#include <string>
#include <vector>

#include "registry/service/registry.h"

namespace chucai {

/// What was found of one thing. `words` is a message of "doctor.*" with its parameters.
struct HealthCheck {
  enum class State { Well, Warning, Ill };
  std::string name;  ///< "folder", "key", "database", "integrity", "schema", "write", "audit" ...
  State state = State::Well;
  Problem words;
};

/// Checks folder and key file (existence, mode), disk space, database (reachable, sound, schema,
/// writable), whether key and database belong together, the heads of the audit chains, that each
/// document has its file, and how far the change feed lags. What cannot be reached leaves out what
/// stands on it. Changes nothing but one setting that it writes to see that it can. Cost: on SQLite
/// one reading of the file.
std::vector<HealthCheck> examine(const RegistryOptions& options);

}  // namespace chucai
