#include "registry/service/coverage_report.h"

#include "registry/storage/coverage_store.h"

namespace chucai {

Result<std::vector<CoverageRow>> coverage_report(Registry& registry, const Principal& principal,
                                                 CoverageQuery& query) {
  query.scope = principal.region;
  if (!query.as_of) query.as_of = registry.today();
  const bool past = first_day(query.as_of) < first_day(registry.today());
  CoverageFacts facts;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    facts = load_coverage_facts(db, principal.scope(), past ? query.as_of : Date{});
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return coverage(facts, registry.codes(), registry.regions(), query);
}

}  // namespace chucai
