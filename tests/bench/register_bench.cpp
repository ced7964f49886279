// A register of a million people, as a clerk meets it: registering one, reading one, a filtered
// page of fifty, finding a name. Each beside its floor in the same run: the bare statement of the
// same look-up through the same driver, or for a registration one small row committed. Then what
// the search table and the change feed add to a row, and how long a committed change takes to be
// seen.
//   register_bench FOLDER PEOPLE       fills FOLDER/sqlite, measures, writes FOLDER/all.chucai
//   register_bench FOLDER PEOPLE URL   restores that into an empty MariaDB schema, measures
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "api/matching.h"
#include "registry/domain/search_text.h"
#include "registry/service/backup.h"
#include "registry/service/records.h"
#include "registry/storage/change_feed.h"
#include "registry/storage/search_store.h"
#include "registry/storage/trail_stores.h"
#include "tests/support/builders.h"

using namespace chucai;
namespace fs = std::filesystem;

namespace {

constexpr int kInOneTransaction = 20'000;
constexpr int kExpertOneIn = 100;
constexpr const char* kRareTwo = "逄颢";
constexpr const char* kRareThree = "逄颢昀";
const Principal kProvince{"bench", "province_admin", "420000"};

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "register_bench: %s %s %s\n", error.problem.reason.c_str(),
               error.problem.where.c_str(), error.cause.c_str());
  std::exit(1);
}

template <class T>
T checked(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}
void checked(const Done& done) {
  if (!done) give_up(done.error());
}

/// Invented people: surnames as often as they are, given names of one or two of fifty characters.
class People {
 public:
  explicit People(const Registry& registry) : counties_(registry.regions().counties()) {}

  Person make(int number) {
    Person person = testing::a_person(name(number), testing::identity_number(number));
    person.region = counties_[random_() % counties_.size()];
    person.employer = person.region + "第" + std::to_string(random_() % 200) + "中心";
    person.phone = "199" + std::to_string(10'000'000 + number);
    person.title_grade = std::to_string(1 + random_() % 4);
    if (number % kExpertOneIn == 0) {
      person.roles = {"talent", "expert"};
      person.expert_no = "E" + std::to_string(number);
    }
    return person;
  }
  const std::string& county() { return counties_[random_() % counties_.size()]; }

 private:
  std::string name(int number) {
    if (number == 777) return kRareTwo;
    if (number == 778) return kRareThree;
    constexpr const char* kSurnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄",
                                         "赵", "吴", "周", "徐", "孙", "马", "朱",
                                         "胡", "林", "郭", "何", "高", "罗"};
    constexpr const char* kGiven[] = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋",
                                      "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平",
                                      "刚", "桂", "英", "华", "玉", "兰", "红", "国", "建", "文",
                                      "志", "海", "云", "春", "梅", "林", "波", "辉", "宇", "浩",
                                      "凯", "健", "俊", "帆", "雪", "琴", "松", "柏", "江", "山"};
    const auto skewed = [&](std::size_t size) {  // the first ones far oftener than the last
      const double u = std::generate_canonical<double, 32>(random_);
      return static_cast<std::size_t>(static_cast<double>(size) * u * u);
    };
    std::string text = kSurnames[skewed(std::size(kSurnames))];
    text += kGiven[skewed(std::size(kGiven))];
    if (random_() % 5 != 0) text += kGiven[skewed(std::size(kGiven))];
    return text;
  }

  const std::vector<std::string>& counties_;
  std::mt19937 random_{1801};
};

/// The way of an import, without its file: rules that need the database, row, search table, feed,
/// status log, likely twins, audit event; many people in a transaction.
void fill(Registry& registry, int people) {
  People source(registry);
  const double begin = now_ms();
  for (int from = 0; from < people; from += kInOneTransaction) {
    const int end = std::min(people, from + kInOneTransaction);
    checked(registry.database().write([&](Connection& db) -> Done {
      std::vector<AuditEntry> trail;
      for (int number = from; number < end; ++number) {
        Person person = source.make(number);
        person.office = "420000";
        const Done written =
            write_record(registry, db, kProvince, type_of<Person>(), nullptr, person);
        if (!written) return written;
        trail.push_back({"create", "person", person.id, {}});
      }
      registry.audit().append(db, registry.audit_context(kProvince), trail);
      return {};
    }));
    std::fprintf(stderr, "\r%d people, %.0f a second ", end, end / (now_ms() - begin) * 1000);
  }
  std::fprintf(stderr, "\n");
  std::printf("  filled %d people in %.0f s\n", people, (now_ms() - begin) / 1000);
}

/// Wall time, which a loaded machine stretches, and this process's CPU time, which it hardly does.
struct Times {
  double p50 = 0;
  double p99 = 0;
  double cpu = 0;  ///< mean
};

template <class Run>
Times times_of(int rounds, const Run& run) {
  std::vector<double> ms;
  for (int round = 0; round < 2; ++round) run();  // to warm up
  const double cpu = cpu_ms();
  for (int round = 0; round < rounds; ++round) {
    const double begin = now_ms();
    run();
    ms.push_back(now_ms() - begin);
  }
  const double mean = (cpu_ms() - cpu) / rounds;
  std::sort(ms.begin(), ms.end());
  return {ms[ms.size() / 2], ms[ms.size() * 99 / 100], mean};
}

template <class Ours, class Floor>
void compare(const char* what, int rounds, const Ours& ours, const Floor& floor) {
  const Times mine = times_of(rounds, ours);
  const Times bare = times_of(rounds, floor);
  std::printf("  | %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |\n", what, mine.p50, mine.p99,
              mine.cpu, bare.p50, bare.p99, bare.cpu);
}

/// Everyday use of a register that fill() has filled.
class Bench {
 public:
  explicit Bench(Registry& registry) : registry_(registry), source_(registry) {
    read([&](Connection& db) {
      Statement& ids = db.prepare("SELECT id FROM person ORDER BY id");
      while (ids.step()) ids_.push_back(ids.integer(0));
    });
    next_ = static_cast<int>(ids_.size());
  }

  void run() {
    std::puts("  | ms | p50 | p99 | CPU | floor p50 | p99 | CPU |");
    std::puts("  | --- | --- | --- | --- | --- | --- | --- |");
    registering();
    reading();
    paging();
    for (const char* name : {"王伟", kRareTwo, "王伟芳", kRareThree}) finding(name);
    seeing();
    adding();
  }

 private:
  template <class Body>
  void read(const Body& body) {
    checked(registry_.database().read([&](Connection& db) -> Done {
      body(db);
      return {};
    }));
  }

  static void drain(Statement& rows, int columns) {
    while (rows.step()) {
      for (int i = 0; i < columns; ++i) (void)rows.text(i);
    }
  }

  std::int64_t any_id() { return ids_[random_() % ids_.size()]; }

  void registering() {
    compare(
        "register a person", 500,
        [&] {
          Person person = source_.make(next_++);
          checked(create_record(registry_, kProvince, type_of<Person>(), person));
        },
        [&] {
          checked(registry_.database().write([&](Connection& db) -> Done {
            save_setting(db, "bench", std::to_string(random_()));
            return {};
          }));
        });
  }

  void reading() {
    compare(
        "read a person by id", 1000,
        [&] { checked(find_record(registry_, kProvince, type_of<Person>(), id_text(any_id()))); },
        [&] {
          read([&](Connection& db) {
            drain(db.prepare("SELECT * FROM person WHERE id = ?").bind(0, any_id()), kColumns);
          });
        });
  }

  // Of one county, by an officer of the province: title grade and region are columns without an
  // index of their own.
  void paging() {
    const RecordType& type = type_of<Person>();
    const auto page = [&](const Principal& who, const std::string& county) {
      PageRequest request{{{type.field("title_grade"), Value{std::string("2")}}}, any_id(), 50};
      if (who.region != county) request.filters.push_back({type.field("region"), Value{county}});
      checked(list_records(registry_, who, type, request));
    };
    const auto floor = [&] {
      read([&](Connection& db) {
        const std::string county = source_.county();
        Statement& rows = db.prepare(
            "SELECT * FROM person WHERE scope = ? AND id > ? AND title_grade = '2'"
            " ORDER BY id LIMIT 51");
        drain(rows.bind_text(0, county).bind(1, any_id()), kColumns);
      });
    };
    compare(
        "page, county office", 200,
        [&] {
          const std::string county = source_.county();
          page({"office", "office_admin", county}, county);
        },
        floor);
    compare(
        "page, province by county", 200, [&] { page(kProvince, source_.county()); }, floor);
  }

  void finding(const std::string& name) {
    const RecordType& type = type_of<Person>();
    const SearchQuery query = checked(SearchQuery::parse(name));
    const PageRequest request{{}, 0, 50, query};
    const bool is_sqlite = registry_.database().dialect() == Dialect::Sqlite;
    const std::string expression = search_expression(registry_.database().dialect(), query);
    std::size_t found = 0;
    const auto ours = [&] {
      found = checked(list_records(registry_, kProvince, type, request)).records.size();
    };
    compare(("find " + name).c_str(), 50, ours, [&] {
      read([&](Connection& db) {
        Statement& rows = db.prepare(
            is_sqlite ? "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT 51"
                      : "SELECT record_id FROM search_text WHERE MATCH (tokens) AGAINST"
                        " (? IN BOOLEAN MODE) ORDER BY record_id LIMIT 51");
        drain(rows.bind_text(0, expression), 1);
      });
    });
    std::printf("    %zu found on the first page\n", found);
  }

  // From the answer to a registration until a reader of the feed has it, and until a ranking does.
  void seeing() {
    std::int64_t last = checked(latest_change(registry_.database()));
    Matching matching(registry_);
    double begin = now_ms();
    checked(matching.for_expert(kProvince, "E0", 1));
    std::printf("  %-26s %.0f ms\n", "first snapshot of matcher", now_ms() - begin);
    std::vector<double> feed;
    std::vector<double> snapshot;
    for (int i = 0; i < 20; ++i) {
      Person expert = source_.make(next_++);
      expert.roles = {"expert"};
      expert.expert_no = "EB" + std::to_string(next_);
      checked(create_record(registry_, kProvince, type_of<Person>(), expert));
      begin = now_ms();
      const std::int64_t seen = checked(latest_change(registry_.database()));
      read([&](Connection& db) { last = changes_after(db, last, 1000).back().seq; });
      feed.push_back(now_ms() - begin);
      if (seen != last) std::abort();
      begin = now_ms();
      checked(matching.for_expert(kProvince, expert.expert_no, 1));  // refused where it is not seen
      snapshot.push_back(now_ms() - begin);
    }
    std::sort(feed.begin(), feed.end());
    std::sort(snapshot.begin(), snapshot.end());
    std::printf("  %-26s median %.2f ms, worst %.2f ms\n", "commit to change feed",
                feed[feed.size() / 2], feed.back());
    std::printf("  %-26s median %.0f ms, worst %.0f ms\n", "commit to matcher snapshot",
                snapshot[snapshot.size() / 2], snapshot.back());
  }

  // What the search table and the feed cost a row: the same people written whole, then their search
  // text and feed rows alone, both taken back.
  void adding() {
    constexpr int kRows = 2000;
    const auto rows_alone = [&](bool whole) {
      const double begin = cpu_ms();
      (void)registry_.database().write([&](Connection& db) -> Done {
        for (int i = 0; i < kRows; ++i) {
          Person person = source_.make(next_++);
          person.office = "420000";
          if (whole) {
            const Done done =
                write_record(registry_, db, kProvince, type_of<Person>(), nullptr, person);
            if (!done) return done;
            continue;
          }
          person.id = registry_.new_id();
          note_change(db, "person", person.id, 1);
          const Searched found{person.id, searched_text(type_of<Person>(), person)};
          add_searched(db, {&found, 1});
        }
        return fail(ErrorCode::Conflict, "bench");  // rolled back
      });
      return (cpu_ms() - begin) * 1000 / kRows;
    };
    const double whole = rows_alone(true);
    const double extra = rows_alone(false);
    std::printf(
        "  %-26s %.0f us CPU a row of a bulk write, of which search and feed %.0f us (%.0f %%)\n",
        "write_record", whole, extra, extra / whole * 100);
  }

  static constexpr int kColumns = 40;
  Registry& registry_;
  People source_;
  int next_ = 0;  // number of the next person that nobody has
  std::vector<std::int64_t> ids_;
  std::mt19937 random_{7};
};

RegistryOptions options_at(const fs::path& folder, const std::string& url) {
  RegistryOptions options;
  options.data_folder = folder.string();
  options.database_url = url;
  options.today = Date{2018, 6, 30};
  return options;
}

void on_sqlite(const fs::path& folder, int people) {
  const auto registry = checked(Registry::init(options_at(folder / "sqlite", {})));
  std::printf("SQLite, %d people\n", people);
  std::int64_t there = 0;
  checked(registry->database().read([&](Connection& db) -> Done {
    there = registry->store().count(db, whole_register(), type_of<Person>());
    return {};
  }));
  if (there == 0) fill(*registry, people);
  const double begin = now_ms();
  const auto made = checked(backup_register(*registry, kProvince, folder / "all.chucai"));
  std::printf("  backup of %lld rows in %.0f s, %llu MB\n", static_cast<long long>(made.rows),
              (now_ms() - begin) / 1000,
              static_cast<unsigned long long>(fs::file_size(folder / "all.chucai") >> 20));
  Bench(*registry).run();
}

void on_mariadb(const fs::path& folder, int people, const std::string& url) {
  const RegistryOptions options = options_at(folder / "mariadb", url);
  std::printf("MariaDB, %d people\n", people);
  if (!fs::exists(master_key_path(options))) {
    fs::create_directories(options.data_folder);
    fs::copy_file(folder / "sqlite/master.key", master_key_path(options));
    const double begin = now_ms();
    checked(restore_register(options, kProvince, folder / "all.chucai"));
    std::printf("  restored, with the search table made anew, in %.0f s\n",
                (now_ms() - begin) / 1000);
  }
  const auto registry = checked(Registry::init(options));
  Bench(*registry).run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "register_bench FOLDER PEOPLE [URL]\n"), 2;
  const fs::path folder = argv[1];
  const int people = std::max(1000, std::atoi(argv[2]));
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc > 3) {
    on_mariadb(folder, people, argv[3]);
  } else {
    on_sqlite(folder, people);
  }
}
