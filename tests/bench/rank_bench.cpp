// Rankings of a roster (experts.csv and needs.csv as the generator writes them) beside scoring
// everybody in the same run: the sparse parts alone (discipline, industry, region, text), then all.
// Exact scores are asserted in every line. CPU seconds of one thread.
//
// Then the lists of all needs of the roster, one after the other, and their plan.
//
//   rank_bench ROSTER [NEEDS]
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "matcher/plan.h"
#include "matcher/pool_builder.h"
#include "matcher/rank.h"
#include "registry/domain/csv_text.h"
#include "registry/domain/region_map.h"
#include "registry/domain/text.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

using Row = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t kHeaderWidth = 10;  // titles above the header have fewer cells

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<Row> read_rows(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CsvText csv(bytes);
  std::vector<std::string> header;
  std::vector<Row> rows;
  while (csv.next()) {
    const auto fields = csv.fields();
    if (header.empty()) {
      const auto filled = std::count_if(fields.begin(), fields.end(),
                                        [](std::string_view field) { return !field.empty(); });
      if (static_cast<std::size_t>(filled) > kHeaderWidth)
        header.assign(fields.begin(), fields.end());
      continue;
    }
    Row& row = rows.emplace_back();
    for (std::size_t k = 0; k < std::min(fields.size(), header.size()); ++k) {
      row.emplace(header[k], fields[k]);
    }
  }
  return rows;
}

/// Makes records of a roster's rows.
class Reader {
 public:
  Reader(const CodeBook& codes, const RegionMap& regions) : codes_(codes), regions_(regions) {}

  Person person_of(const Row& row, std::int64_t id) const;
  Need need_of(const Row& row, std::int64_t id) const;

 private:
  std::string code_of(std::string_view scheme, std::string_view name) const {
    const auto terms = codes_.named(scheme, name);
    return terms.empty() ? std::string{} : terms.front()->code;
  }
  std::string region_of(std::string_view name) const {
    return name == "全省" ? "420000" : regions_.resolve(name, "").code;
  }

  const CodeBook& codes_;
  const RegionMap& regions_;
};

Person Reader::person_of(const Row& row, std::int64_t id) const {
  Person person;
  person.id = id;
  person.status = "active";
  person.roles = {"expert"};
  person.employer = row.at("工作单位");
  person.region = row.at("地区代码");
  person.title_grade = code_of("title_grade", row.at("职称级别"));
  person.education = code_of("education", row.at("学历"));
  person.discipline = row.at("学科代码");
  person.discipline_text = row.at("二级学科");
  person.industry = row.at("行业代码");
  person.research = split_list(row.at("研究方向"));
  person.languages = {code_of("language", row.at("外语语种"))};
  for (const std::string& mode : split_list(row.at("服务方式"))) {
    person.service_modes.push_back(mode == "现场" ? "on_site" : "remote");
  }
  for (const std::string& area : split_list(row.at("可服务地区"))) {
    person.service_regions.push_back(region_of(area));
  }
  person.days_per_year = std::atoi(row.at("年可服务天数").c_str());
  return person;
}

Need Reader::need_of(const Row& row, std::int64_t id) const {
  Need need;
  need.id = id;
  need.status = "accepted";
  need.requester = row.at("需求单位");
  need.region = row.at("地区代码");
  need.name = row.at("需求名称");
  need.industry = row.at("行业代码");
  need.discipline_text = row.at("学科领域");
  need.description = row.at("需求描述");
  need.title_floor = code_of("title_floor", row.at("期望职称"));
  need.education_floor = code_of("education_floor", row.at("期望学历"));
  const std::string& mode = row.at("服务方式");
  need.service_mode = mode == "现场" ? "on_site" : mode == "远程" ? "remote" : "any";
  need.days = std::atoi(row.at("服务天数").c_str());
  return need;
}

bool same(const std::vector<Ranked>& a, const std::vector<Ranked>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Ranked& x, const Ranked& y) {
    return x.person == y.person && x.points == y.points;
  });
}

/// Mean and worst time of a ranking in milliseconds, beside scoring everybody.
void measure(const Ranker& ranker, const std::vector<NeedView>& needs, const Weights& weights,
             std::size_t k, const char* name) {
  double total = 0;
  double worst = 0;
  double brute = 0;
  for (const NeedView& need : needs) {
    const double start = cpu_seconds();
    const auto best = ranker.best(need, k, weights);
    const double ranked = cpu_seconds();
    const auto all = ranker.scan(need, k, weights);
    brute += cpu_seconds() - ranked;
    total += ranked - start;
    worst = std::max(worst, ranked - start);
    if (same(best, all)) continue;
    std::fprintf(stderr, "not the list of scoring everybody: need %lld\n",
                 static_cast<long long>(need.id.value));
    std::exit(1);
  }
  const double in_ms = 1000 / static_cast<double>(needs.size());
  std::printf("| %s, k = %zu | %.3f | %.3f | %.2f | %.0f |\n", name, k, total * in_ms, worst * 1000,
              brute * in_ms, brute / total);
}

/// The lists of all needs, the 100 best of each.
void measure_all(const Ranker& ranker, const std::vector<NeedView>& needs, const Weights& weights,
                 const char* name) {
  const double start = cpu_seconds();
  std::size_t listed = 0;
  for (const NeedView& need : needs) listed += ranker.best(need, 100, weights).size();
  std::printf("\n%zu needs x top 100, %s: %.2f s, %zu listed\n", needs.size(), name,
              cpu_seconds() - start, listed);
}

/// From open needs to a proved plan with its shortages explained, on all processors.
void measure_plan(const Ranker& ranker, const std::vector<NeedView>& needs) {
  const auto wall = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  const auto made = plan(ranker, needs, {});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - wall;
  if (!made) {
    std::fprintf(stderr, "no plan: %s\n", made.error().problem.reason.c_str());
    std::exit(1);
  }
  std::printf("plan of %zu needs: %.2f s (%.2f s of processor), %zu seats, %llu empty, %u rounds\n",
              needs.size(), seconds.count(), cpu_seconds() - cpu, made->seats.size(),
              static_cast<unsigned long long>(made->unfilled), made->rounds);
}

Weights sparse(Weights weights) {
  for (const Part part :
       {Part::Graph, Part::Record, Part::Title, Part::Service, Part::Rural, Part::Freshness}) {
    weights[static_cast<std::size_t>(part)] = 0;
  }
  return weights;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "rank_bench ROSTER [NEEDS]\n");
    return 2;
  }
  const std::string folder = argv[1];
  const CodeBook codes = shipped_codes().value();
  const RegionMap regions(codes);
  const Reader reader(codes, regions);
  std::vector<Person> persons;
  for (const Row& row : read_rows(folder + "/experts.csv")) {
    persons.push_back(reader.person_of(row, static_cast<std::int64_t>(persons.size() + 1)));
  }
  std::vector<Need> needs;
  for (const Row& row : read_rows(folder + "/needs.csv")) {
    needs.push_back(reader.need_of(row, static_cast<std::int64_t>(needs.size() + 1)));
  }
  const PoolBuilder builder(codes, {2018, 4});
  Pool pool = builder.build(persons, needs, {});
  const double start = cpu_seconds();
  const Ranker ranker(std::move(pool.experts), codes, regions);
  std::vector<NeedView> measured = pool.needs;
  if (argc > 2) {
    measured.resize(std::min<std::size_t>(measured.size(), std::strtoul(argv[2], nullptr, 10)));
  }
  std::printf("%zu experts, %zu needs; built in %.2f s\n\n", persons.size(), measured.size(),
              cpu_seconds() - start);
  std::printf(
      "| | mean ms | worst ms | everybody, ms | times |\n| --- | --- | --- | --- | --- |\n");
  const Weights all = ranker.weights(Setting::Short);
  for (const std::size_t k : {std::size_t{10}, std::size_t{100}}) {
    measure(ranker, measured, sparse(all), k, "sparse parts");
    measure(ranker, measured, all, k, "all parts");
  }
  measure_all(ranker, pool.needs, sparse(all), "sparse parts");
  measure_all(ranker, pool.needs, all, "all parts");
  measure_plan(ranker, pool.needs);
  return 0;
}
