// Every standard question on a register of this size, as fast as the engine answers it; memory,
// time to load, and time from a commit to its figure. The facts are also written as CSV, so that
// tests/bench/run_coverage asks DuckDB and SQLite the same on the same rows.
//
//   coverage_bench FOLDER [PARTICIPATIONS]        writes FOLDER/*.csv and prints one line a
//   question
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "registry/coverage/figures.h"
#include "registry/coverage/pivot.h"
#include "registry/coverage/questions.h"

using namespace chucai;
using namespace chucai::coverage;

namespace {

constexpr int kYears = 10;
constexpr int kRuns = 7;

// Of this thread on the processor: other people's work on the machine does not count.
double now_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

template <class T>
T checked(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().problem.reason.c_str());
  std::exit(1);
}

/// The best of some runs, in milliseconds.
template <class Ask>
double timed(const Ask& ask) {
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const double begin = now_ms();
    ask();
    best = std::min(best, now_ms() - begin);
  }
  return best;
}

class Register {
 public:
  Register(std::size_t participations, const std::string& folder, const CodeBook& codes,
           const RegionMap& regions)
      : count_(participations), folder_(folder), codes_(codes), counties_(regions.counties()) {}

  void fill(CubeWriter& writer) {
    programmes(writer);
    people(writer);
    participations(writer);
    needs(writer);
    funds(writer);
  }

  fact::Participation one(std::int64_t id) {
    const char* statuses[] = {"selected", "in_post", "completed", "applied", "rejected", "exited"};
    const auto& program = programs_[pick(programs_.size())];
    fact::Participation row{program,
                            {"person", 1 + static_cast<std::int64_t>(pick(people_)), {}},
                            counties_[pick(counties_.size())],
                            statuses[pick(std::size(statuses))],
                            date()};
    row.key = {id, row.region, row.region};
    return row;
  }

 private:
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  Date date() {
    return Date{static_cast<std::int16_t>(2009 + pick(kYears)),
                static_cast<std::int8_t>(1 + pick(12)), static_cast<std::int8_t>(1 + pick(28))};
  }

  void programmes(CubeWriter& writer) {
    std::ofstream csv(folder_ + "/program.csv");
    csv << "code,parent\n";
    for (int at = 0; at < 81; ++at) {
      const std::string code = "P" + std::to_string(100 + at);
      const std::string parent = at % 9 == 0 ? "" : "P" + std::to_string(100 + at / 9 * 9);
      const char* rules[] = {"Q", "E", "U", "D", "F"};
      fact::Program program{code,
                            parent,
                            rules[at % 5],
                            "",
                            "participation",
                            at % 5 == 1 ? "person" : "county",
                            {at + 1, "420000", "420000"}};
      if (at % 5 == 3) program.counted = "need";
      writer.take(program);
      programs_.push_back(code);
      csv << code << ',' << parent << '\n';
    }
  }

  void people(CubeWriter& writer) {
    people_ = count_ * 6 / 10;
    const auto disciplines = codes_.terms("discipline");
    const auto industries = codes_.terms("industry");
    std::ofstream csv(folder_ + "/person.csv");
    csv << "id,region,industry,discipline,status\n";
    for (std::size_t at = 0; at < people_; ++at) {
      fact::Person person;
      person.region = counties_[pick(counties_.size())];
      person.industry = industries[pick(industries.size())]->code;
      person.discipline = disciplines[pick(disciplines.size())]->code;
      person.status = pick(20) == 0 ? "submitted" : "active";
      person.expert = pick(10) == 0;
      person.key = {static_cast<std::int64_t>(at + 1), person.region, person.region};
      csv << at + 1 << ',' << person.region << ',' << person.industry << ',' << person.discipline
          << ',' << person.status << '\n';
      writer.take(std::move(person), {});
    }
  }

  void participations(CubeWriter& writer) {
    std::ofstream csv(folder_ + "/participation.csv");
    csv << "id,program,subject,region,status,selected_on\n";
    for (std::size_t at = 0; at < count_; ++at) {
      const auto row = one(static_cast<std::int64_t>(at + 1));
      const StatusAt log[] = {{day_number(row.on), writer.status("applied")},
                              {day_number(row.on) + 30, writer.status(row.status)}};
      csv << row.key.id << ',' << row.program << ',' << row.subject.id << ',' << row.region << ','
          << row.status << ',' << to_text(row.on) << '\n';
      writer.take(row, log);
    }
  }

  void needs(CubeWriter& writer) {
    const std::size_t needs = count_ / 100;
    const auto disciplines = codes_.terms("discipline");
    for (std::size_t at = 0; at < needs; ++at) {
      fact::Need need{programs_[pick(programs_.size())],
                      counties_[pick(counties_.size())],
                      "",
                      disciplines[pick(disciplines.size())]->code,
                      "accepted",
                      date(),
                      static_cast<std::int64_t>(1 + pick(5))};
      need.key = {static_cast<std::int64_t>(at + 1), need.region, need.region};
      writer.take(std::move(need), {});
    }
    for (std::size_t at = 0; at < count_ / 10; ++at) {
      const auto& region = counties_[pick(counties_.size())];
      fact::Engagement one{static_cast<std::int64_t>(1 + pick(needs)),
                           static_cast<std::int64_t>(1 + pick(people_)),
                           pick(3) == 0 ? "declined" : "completed",
                           date(),
                           {static_cast<std::int64_t>(at + 1), region, region}};
      writer.take(std::move(one), {});
    }
  }

  void funds(CubeWriter& writer) {
    std::ofstream csv(folder_ + "/fund_entry.csv");
    csv << "id,program,region,type,amount_fen,paid_on\n";
    const char* types[] = {"budget", "allocation", "disbursement", "award", "return"};
    for (std::size_t at = 0; at < count_ / 10; ++at) {
      fact::FundEntry entry{programs_[pick(programs_.size())], counties_[pick(counties_.size())],
                            types[pick(std::size(types))], date(),
                            static_cast<std::int64_t>(pick(1'000'000))};
      entry.key = {static_cast<std::int64_t>(at + 1), entry.region, entry.region};
      csv << at + 1 << ',' << entry.program << ',' << entry.region << ',' << entry.type << ','
          << entry.amount_fen << ',' << to_text(entry.on) << '\n';
      writer.take(std::move(entry));
    }
  }

  std::size_t count_;
  std::string folder_;
  const CodeBook& codes_;
  const std::vector<std::string>& counties_;
  std::vector<std::string> programs_;
  std::size_t people_ = 0;
  std::mt19937_64 random_{20180630};
};

struct Standard {
  const char* name;
  PivotQuery query;
};

PivotQuery by(std::vector<std::string> dimensions) {
  PivotQuery query;
  query.by = std::move(dimensions);
  return query;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::size_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  const auto codes = checked(shipped_codes());
  const RegionMap regions(codes);
  Register rows(count, argv[1], codes, regions);
  CubeWriter writer;
  double begin = now_ms();
  rows.fill(writer);
  auto cube = writer.snapshot(1);
  std::printf("columns filled in %.0f ms, %.1f MB\n", now_ms() - begin,
              static_cast<double>(bytes_of(*cube)) / 1e6);
  const Date today{2018, 12, 31};
  const Lens lens(*cube, {codes, regions}, "420000", today, today);
  const Lens past(*cube, {codes, regions}, "420000", Date{2016, 6, 30}, today);

  double sum = 0;
  int asked = 0;
  const auto report = [&](const std::string& name, double ms) {
    std::printf("%-28s %8.2f ms\n", name.c_str(), ms);
    sum += ms;
    ++asked;
  };
  const Standard pivots[] = {
      {"pivot_program", by({"program"})},
      {"pivot_program_tree", by({"program_tree"})},
      {"pivot_region_year", by({"region", "year"})},
      {"pivot_program_region_year", by({"program", "region", "year"})},
      {"pivot_four", by({"unit", "year", "industry", "status"})},
      {"pivot_month", by({"month"})},
  };
  for (const Standard& one : pivots) {
    report(one.name, timed([&] { checked(pivot(lens, one.query)); }));
  }
  PivotQuery filtered = by({"region"});
  filtered.filters = {{"program", {"P109"}}, {"year", {"2017"}}};
  report("pivot_filtered", timed([&] { checked(pivot(lens, filtered)); }));
  PivotQuery money;
  money.fact = "fund_entry";
  money.by = {"program", "type"};
  money.measure = "sum";
  report("pivot_funds", timed([&] { checked(pivot(lens, money)); }));
  report("pivot_region_year_past", timed([&] { checked(pivot(past, by({"region", "year"}))); }));
  for (const Question& question : questions()) {
    report("ask_" + std::string(question.name),
           timed([&] { checked(answer(lens, question.name, {})); }));
  }
  std::printf("%-28s %8.2f ms\n", "mean", sum / asked);

  std::vector<double> taken;
  for (int at = 0; at < 50; ++at) {
    begin = now_ms();
    const auto row = rows.one(static_cast<std::int64_t>(count) + at + 1);
    const StatusAt log[] = {{day_number(row.on), writer.status(row.status)}};
    writer.take(row, log);
    cube = writer.snapshot(at + 2);
    const Lens fresh(*cube, {codes, regions}, "420000", today, today);
    checked(pivot(fresh, by({"program"})));
    taken.push_back(now_ms() - begin);
  }
  std::sort(taken.begin(), taken.end());
  std::printf("change to figure: median %.2f ms, slowest %.2f ms\n", taken[taken.size() / 2],
              taken.back());
  return 0;
}
