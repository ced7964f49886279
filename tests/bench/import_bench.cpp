// A whole import beside the bare bulk insert of the same rows (notes: 25 columns, four secondary
// indexes, one transaction), in one run on one database.
//   import_bench PARSER ROSTER.csv ROWS DATABASE_URL BARE_URL FOLDER
// PARSER: the chucai program, which parses the file in a process of its own. Both databases must be
// empty.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "importers/import_file.h"
#include "registry/storage/row_writer.h"
#include "tests/support/roster.h"

using namespace chucai;

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kIndexed[] = {"c1", "c5", "c14", "c22"};  // name, number, employer, mobile
constexpr std::size_t kColumns = 25;
constexpr std::size_t kRowsAtOnce = 500;  // measured best for the connector

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double processor_seconds(int who) {
  rusage used{};
  ::getrusage(who, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

template <class T>
T must(Result<T> result, const char* what) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s: %s %s\n", what, result.error().problem.reason.c_str(),
               result.error().cause.c_str());
  std::exit(1);
}

void must(const Done& done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "%s: %s\n", what, done.error().cause.c_str());
  std::exit(1);
}

std::string insert_sql(std::size_t rows) {
  std::string row = "(?";
  for (std::size_t i = 1; i < kColumns; ++i) row += ", ?";
  std::string sql = "INSERT INTO bare VALUES " + row + ")";
  for (std::size_t i = 1; i < rows; ++i) sql += ", " + row + ")";
  return sql;
}

/// Time by the clock and by this process's processors.
struct Taken {
  double seconds = 0;
  double processor = 0;
};

// SQLite takes a row a statement best, the connector 500.
Taken bare_insert(const std::string& url, std::int64_t rows) {
  const auto database = must(open_database(url), "bare database");
  must(database->outside_transaction([](Connection& db) -> Done {
    std::string columns = "c0 VARCHAR(190)";
    for (std::size_t i = 1; i < kColumns; ++i)
      columns += ", c" + std::to_string(i) + " VARCHAR(190)";
    db.execute("CREATE TABLE bare (" + columns + ")");
    for (const char* column : kIndexed) {
      db.execute("CREATE INDEX bare_" + std::string(column) + " ON bare (" + column + ")");
    }
    return {};
  }),
       "bare table");
  std::vector<std::vector<std::string>> all;
  for (std::int64_t n = 0; n < rows; ++n) all.push_back(testing::roster_row(n));
  const double processor = processor_seconds(RUSAGE_SELF);
  const auto start = Clock::now();
  must(database->write([&](Connection& db) -> Done {
    const std::size_t most = db.dialect() == Dialect::Sqlite ? 1 : kRowsAtOnce;
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t count = std::min(most, all.size() - at);
      Statement& insert = db.prepare(insert_sql(count));
      int index = 0;
      for (std::size_t i = 0; i < count; ++i, ++at) {
        for (const std::string& cell : all[at]) insert.bind_text(index++, cell);
      }
      insert.run();
    }
    return {};
  }),
       "bare insert");
  return {seconds_since(start), processor_seconds(RUSAGE_SELF) - processor};
}

const char* name_of(ImportPhase phase) {
  switch (phase) {
    case ImportPhase::Reading:
      return "reading and understanding";
    case ImportPhase::Checking:
      return "checking against the register";
    case ImportPhase::Staging:
      return "staging";
    case ImportPhase::Committing:
      return "applying";
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: import_bench PARSER ROSTER.csv ROWS URL BARE_URL FOLDER\n");
    return 2;
  }
  const std::int64_t rows = std::atoll(argv[3]);
  const Taken bare = bare_insert(argv[5], rows);

  RegistryOptions options;
  options.data_folder = argv[6];
  options.database_url = argv[4];
  options.today = Date{2018, 6, 30};
  const auto registry = must(Registry::init(options), "register");
  importers::ImportRequest request;
  request.file = argv[2];
  request.kind = "persons";
  request.confinement.emplace();
  request.confinement->program = argv[1];
  std::map<ImportPhase, double> until;
  const double before_it = processor_seconds(RUSAGE_SELF);
  const auto start = Clock::now();
  request.watch = [&](const ImportProgress& at) {
    until[at.phase] = seconds_since(start);
    return true;
  };
  const Principal local{"bench", "local_operator", "420000"};
  const auto outcome = must(importers::import_file(*registry, local, request), "import");
  const double whole = seconds_since(start);

  std::printf("%lld rows: %lld new, %lld refused or for review\n", static_cast<long long>(rows),
              static_cast<long long>(outcome.counts.added),
              static_cast<long long>(outcome.counts.refused + outcome.counts.review));
  std::printf("  bare bulk insert                 %8.2f s  %.2f s of processor\n", bare.seconds,
              bare.processor);
  std::printf("  whole import                     %8.2f s  %.0f rows/s, %.1f x the bare insert\n",
              whole, static_cast<double>(rows) / whole, whole / bare.seconds);
  double before = 0;
  for (const auto& [phase, end] : until) {
    std::printf("    %-30s %8.2f s\n", name_of(phase), end - before);
    before = end;
  }
  std::printf("    %-30s %8.2f s\n", "trail and COMMIT", whole - before);
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::printf("  processor of this process and its parser %.1f + %.1f s, peak %ld MB\n",
              processor_seconds(RUSAGE_SELF) - before_it, processor_seconds(RUSAGE_CHILDREN),
              used.ru_maxrss / 1024);
  return 0;
}
