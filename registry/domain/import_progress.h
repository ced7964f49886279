// How far an import has come: what a terminal shows and what the service can send as events.
#pragma once

#include <cstdint>
#include <functional>

namespace chucai {

/// Steps of an import, in order.
enum class ImportPhase : std::uint8_t {
  Reading,     ///< rows of the file; read twice, layout first
  Checking,    ///< rows against the register
  Staging,     ///< checked rows kept, so that an import that is cut off goes on
  Committing,  ///< rows written; nobody sees them before the last one is
};

struct ImportProgress {
  ImportPhase phase = ImportPhase::Reading;
  std::int64_t rows = 0;  ///< done in this phase
  std::int64_t of = 0;    ///< in all; 0: not known yet
};

/// Hears of progress every thousand rows or so, on the importing thread. False asks to stop: the
/// import then ends with FailedPrecondition "import.cancelled" and nothing of it is kept.
using ImportWatch = std::function<bool(const ImportProgress&)>;

}  // namespace chucai
