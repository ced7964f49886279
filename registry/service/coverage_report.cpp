#include "registry/service/coverage_report.h"

#include "registry/coverage/figures.h"

namespace chucai {

Result<std::vector<CoverageRow>> coverage_report(Registry& registry, const Principal& principal,
                                                 CoverageQuery& query) {
  query.scope = principal.region;
  const Date today = registry.today();
  if (!query.as_of) query.as_of = today;
  const auto cube = registry.coverage().current();
  if (!cube) return tl::make_unexpected(cube.error());
  const coverage::Lens lens(**cube, {registry.codes(), registry.regions()}, query.scope,
                            query.as_of, today);
  return coverage::figures(lens, query);
}

}  // namespace chucai
