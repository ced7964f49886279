#include "tests/support/market.h"

#include <algorithm>
#include <cmath>

namespace chucai::testing {
namespace {

constexpr std::uint32_t kCities = 16;
constexpr std::uint32_t kCounties = 112;
constexpr std::uint32_t kFamousFew = 6;

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// The upper word of next() * bound, computed in 32-bit halves: uniform below `bound`.
  std::uint32_t below(std::uint32_t bound) {
    const std::uint64_t bits = next();
    const std::uint64_t low = (bits & 0xffffffffu) * bound;
    return static_cast<std::uint32_t>(((bits >> 32) * bound + (low >> 32)) >> 32);
  }
  double unit() { return static_cast<double>(next() >> 11) * (1.0 / 9007199254740992.0); }

 private:
  std::uint64_t state_;
};

/// Discipline numbers, the first the most frequent.
class Zipf {
 public:
  explicit Zipf(std::uint32_t size) {
    double sum = 0;
    for (std::uint32_t d = 0; d < size; ++d)
      cumulated_.push_back(sum += 1.0 / std::pow(d + 2.0, 0.7));
  }
  std::uint32_t draw(Random& random) const {
    const double at = random.unit() * cumulated_.back();
    const auto found = std::lower_bound(cumulated_.begin(), cumulated_.end(), at);
    const auto last = cumulated_.end() - 1;
    return static_cast<std::uint32_t>(std::min(found, last) - cumulated_.begin());
  }

 private:
  std::vector<double> cumulated_;
};

struct Market {
  Random random;
  Zipf zipf;
  std::uint32_t disciplines;
  std::vector<std::uint32_t> discipline{};  // per expert, as are city and quality
  std::vector<std::uint32_t> city{};
  std::vector<double> quality{};
  std::vector<std::vector<std::uint32_t>> of_discipline{};
  std::vector<std::vector<std::uint32_t>> of_city{};
};

void draw_experts(Market& market, std::uint32_t experts, matcher::Instance& instance) {
  market.of_discipline.resize(market.disciplines);
  market.of_city.resize(kCities);
  for (std::uint32_t expert = 0; expert < experts; ++expert) {
    const std::uint32_t discipline = market.zipf.draw(market.random);
    const double first = market.random.unit();
    const double second = market.random.unit();
    const auto city = static_cast<std::uint32_t>(kCities * first * second);
    market.discipline.push_back(discipline);
    market.city.push_back(city);
    market.quality.push_back(market.random.unit());
    instance.capacity.push_back(1 + market.random.below(4));
    market.of_discipline[discipline].push_back(expert);
    market.of_city[city].push_back(expert);
  }
}

void draw_from(Market& market, const std::vector<std::uint32_t>& group, std::uint32_t count,
               MarketMode mode, std::vector<std::uint32_t>& pool) {
  if (group.empty()) return;
  const auto size = static_cast<std::uint32_t>(group.size());
  const std::uint32_t eligible = mode == MarketMode::Tight ? (size + 7) / 8 : size;
  for (std::uint32_t k = 0; k < count; ++k) pool.push_back(group[market.random.below(eligible)]);
}

std::uint32_t cost_of(Market& market, std::uint32_t expert, std::uint32_t discipline,
                      std::uint32_t city) {
  const std::uint32_t next = (discipline + 1) % market.disciplines;
  const std::uint32_t own = market.discipline[expert];
  const double field = own == discipline ? 1.0 : own == next ? 0.55 : 0.1;
  const std::uint32_t home = market.city[expert];
  const double near = home == city ? 1.0 : (home + 1) % kCities == city ? 0.6 : 0.2;
  const double score =
      0.45 * field + 0.25 * near + 0.2 * market.quality[expert] + 0.1 * market.random.unit();
  return static_cast<std::uint32_t>(std::clamp(static_cast<int>(10000 * (1 - score)), 0, 10000));
}

void draw_need(Market& market, const MarketSpec& spec, matcher::Instance& instance) {
  std::uint32_t discipline = market.zipf.draw(market.random);
  if (market.random.below(4) == 0) discipline = market.random.below(market.disciplines);
  const std::uint32_t city = market.random.below(kCounties) * kCities / kCounties;
  const bool scarce = market.random.below(33) == 0;
  const std::uint32_t heads = 1 + market.random.below(5);
  const std::uint32_t unfilled = 100000 + 1000 * market.random.below(10);

  std::vector<std::uint32_t> pool;
  if (scarce) {
    const auto& famous = market.of_discipline[discipline % (1 + market.disciplines / 16)];
    const std::size_t few = std::min<std::size_t>(kFamousFew, famous.size());
    pool.assign(famous.begin(), famous.begin() + static_cast<std::ptrdiff_t>(few));
  } else {
    const std::uint32_t want = spec.mode == MarketMode::Spread ? spec.degree : 4 * spec.degree;
    const std::uint32_t next = (discipline + 1) % market.disciplines;
    draw_from(market, market.of_discipline[discipline], want * 78 / 100 + 1, spec.mode, pool);
    draw_from(market, market.of_discipline[next], want * 16 / 100 + 1, spec.mode, pool);
    draw_from(market, market.of_city[city], want * 10 / 100 + 1, spec.mode, pool);
  }
  std::sort(pool.begin(), pool.end());
  pool.erase(std::unique(pool.begin(), pool.end()), pool.end());

  std::vector<matcher::Candidate> row;
  for (const std::uint32_t expert : pool) {
    row.push_back({expert, cost_of(market, expert, discipline, city)});
  }
  std::sort(row.begin(), row.end(), [](const matcher::Candidate& a, const matcher::Candidate& b) {
    return std::pair(a.cost, a.expert) < std::pair(b.cost, b.expert);
  });
  if (row.size() > spec.degree) row.resize(spec.degree);
  instance.add_need(heads, unfilled, row);
}

}  // namespace

matcher::Instance make_market(const MarketSpec& spec) {
  const std::uint32_t disciplines = std::clamp<std::uint32_t>(spec.experts / 250, 8, 400);
  Market market{Random(spec.seed * 7919 + 17), Zipf(disciplines), disciplines};
  matcher::Instance instance;
  draw_experts(market, spec.experts, instance);
  for (std::uint32_t need = 0; need < spec.needs; ++need) draw_need(market, spec, instance);
  return instance;
}

}  // namespace chucai::testing
