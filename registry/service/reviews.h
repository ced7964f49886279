// Reviews that are due (到期评估): participations past their term that nobody ended or extended,
// and exits whose notice or appeal ran out without a decision, by the exit rule of their programme;
// and of those who left, the money that the rule takes back.
#pragma once

#include <string>
#include <vector>

#include "registry/domain/participation.h"
#include "registry/service/registry.h"

namespace chucai {

/// One participation that waits for a decision.
struct OverdueReview {
  Participation participation;
  Date due;  ///< last day on which it could be decided in time
  std::int64_t days_over = 0;
  int clawback_percent = 0;  ///< what the rule takes back on exit
};

/// Those in scope that are overdue on the business date, the longest overdue first. Cost: the
/// participations in post or on their way out, one status log look-up for each of the latter.
Result<std::vector<OverdueReview>> overdue_reviews(Registry& registry, const Principal& principal);

/// Money of somebody who left that the programme's exit rule takes back. Fund entries name their
/// payee as written and no record: those of the programme (and of the round, where they name one)
/// count whose payee is called as the participation's subject is.
struct Clawback {
  Participation participation;
  std::int64_t paid_fen = 0;             ///< disbursements and awards
  std::int64_t due_fen = 0;              ///< the rule's share of them, rounded down
  std::int64_t recovered_fen = 0;        ///< returns
  std::int64_t outstanding_fen() const;  ///< never negative
};

/// Those in scope who left (exited, revoked) and were paid, under a rule that takes money back; in
/// order of id. Cost: the participations that ended so, and the fund entries of their programmes.
Result<std::vector<Clawback>> clawbacks(Registry& registry, const Principal& principal);

}  // namespace chucai
