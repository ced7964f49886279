// Keeps the cube of a register up with its change feed. Readers share the version that they ask
// for; whoever finds changes reads what changed and hands out the next version.
#pragma once

#include <memory>
#include <mutex>

#include "registry/storage/database.h"

namespace chucai {

namespace coverage {
struct Cube;
class CubeWriter;
}  // namespace coverage

class CoverageEngine {
 public:
  /// `database` must outlive it. Nothing is read before the first current().
  explicit CoverageEngine(Database& database);
  ~CoverageEngine();

  /// The facts with every change committed so far. Any thread. Cost: the first call reads all
  /// records; a later one those that changed. Errors: those of the database.
  Result<std::shared_ptr<const coverage::Cube>> current();

 private:
  Done load();
  Done follow();

  Database& database_;
  std::mutex mutex_;  // of what is below
  std::unique_ptr<coverage::CubeWriter> writer_;
  std::shared_ptr<const coverage::Cube> current_;
};

}  // namespace chucai
