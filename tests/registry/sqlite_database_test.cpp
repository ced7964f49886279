#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/registry/contracts/database_contract.h"
#include "tests/registry/contracts/migration_contract.h"
#include "tests/support/outcomes.h"
#include "tests/support/plain_sql.h"
#include "tests/support/temp_folder.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

std::unique_ptr<Database> open(const std::string& path) {
  auto database = open_database("sqlite:" + path);
  REQUIRE(database);
  return std::move(*database);
}

/// In a child process: commits rows 1, 2, 3 ... and writes each number to `acknowledged` once its
/// transaction has returned.
[[noreturn]] void commit_rows(const std::string& path, int acknowledged) {
  auto database = open_database("sqlite:" + path);
  if (!database) ::_exit(1);
  for (std::int64_t id = 1;; ++id) {
    const Done done = (*database)->write([&](Connection& c) -> Done {
      c.prepare("INSERT INTO person (id) VALUES (?)").bind(0, id).run();
      return {};
    });
    if (!done || ::write(acknowledged, &id, sizeof id) != sizeof id) ::_exit(1);
  }
}

/// Lets a child commit at least `least` rows and kills it; the last number it acknowledged.
std::int64_t kill_while_committing(const std::string& path, std::int64_t least) {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) commit_rows(path, pipe[1]);
  ::close(pipe[1]);
  std::int64_t last = 0;
  while (last < least && ::read(pipe[0], &last, sizeof last) == sizeof last) {
  }
  ::kill(child, SIGKILL);
  while (::read(pipe[0], &last, sizeof last) == sizeof last) {
  }
  ::close(pipe[0]);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  return last;
}

/// Largest size of a file that this process may write, for one scope.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    old_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit before_{};
  void (*old_handler_)(int);
};

}  // namespace

TEST_CASE("SQLite keeps the database contract", "[storage]") {
  const TempFolder folder;
  testing::database_contract(*open(folder.file("chucai.db")));
}

TEST_CASE("SQLite keeps the migration contract", "[storage]") {
  const TempFolder folder;
  testing::migration_contract("sqlite:" + folder.file("chucai.db"));
}

TEST_CASE("a new SQLite file and its companions are private", "[storage]") {
  const TempFolder folder;
  const auto database = open(folder.file("chucai.db"));
  REQUIRE(execute(*database, "CREATE TABLE a (id INTEGER) STRICT"));
  for (const char* name : {"chucai.db", "chucai.db-wal", "chucai.db-shm"}) {
    struct stat status {};
    INFO(name);
    REQUIRE(::stat(folder.file(name).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("every SQLite connection is durable, checks references and trusts no schema",
          "[storage]") {
  const TempFolder folder;
  const auto database = open(folder.file("chucai.db"));
  const auto check = [](Connection& c) -> Done {
    CHECK(text_of(c, "PRAGMA journal_mode") == "wal");
    CHECK(text_of(c, "PRAGMA synchronous") == "2");
    CHECK(text_of(c, "PRAGMA foreign_keys") == "1");
    CHECK(text_of(c, "PRAGMA trusted_schema") == "0");
    return {};
  };
  CHECK(database->read(check));
  CHECK(database->write(check));
  CHECK(reason(execute(*database, "SELECT \"misspelt\"")) == "storage.schema");
}

TEST_CASE("two SQLite processes take turns to write", "[storage]") {
  const TempFolder folder;
  const auto one = open(folder.file("chucai.db"));
  const auto two = open(folder.file("chucai.db"));
  REQUIRE(execute(*one, "CREATE TABLE counter (n INTEGER) STRICT"));
  REQUIRE(execute(*one, "INSERT INTO counter (n) VALUES (0)"));
  std::atomic<int> done = 0;
  const auto count = [&](Database& database) {
    for (int i = 0; i < 50; ++i) {
      done += execute(database, "UPDATE counter SET n = n + 1").has_value();
    }
  };
  std::thread other([&] { count(*two); });
  count(*one);
  other.join();
  CHECK(done == 100);
  CHECK(text_of(*one, "SELECT n FROM counter") == "100");
}

TEST_CASE("a full disk fails the write, keeps the data and heals by itself", "[storage]") {
  const TempFolder folder;
  const auto database = open(folder.file("chucai.db"));
  REQUIRE(execute(*database, "CREATE TABLE a (bytes BLOB) STRICT"));
  REQUIRE(execute(*database, "INSERT INTO a (bytes) VALUES (x'00')"));
  {
    REQUIRE(execute(*database, "PRAGMA max_page_count = 10"));
    CHECK(reason(execute(*database, "INSERT INTO a (bytes) VALUES (zeroblob(1000000))")) ==
          "storage.full");
    CHECK(text_of(*database, "SELECT count(*) FROM a") == "1");
  }
  {
    const FileSizeLimit limit(200'000);
    CHECK_FALSE(execute(*database, "INSERT INTO a (bytes) VALUES (zeroblob(1000000))"));
    CHECK(text_of(*database, "SELECT count(*) FROM a") == "1");
  }
  CHECK(reason(execute(*database, "INSERT INTO a (bytes) VALUES (zeroblob(1000000))")) == "");
  CHECK(text_of(*database, "SELECT count(*) FROM a") == "2");
  CHECK(text_of(*database, "PRAGMA quick_check") == "ok");
}

TEST_CASE("what SQLite acknowledged survives kill -9", "[storage]") {
  const TempFolder folder;
  const std::string path = folder.file("chucai.db");
  REQUIRE(execute(*open(path), "CREATE TABLE person (id INTEGER PRIMARY KEY) STRICT"));
  for (int round = 0; round < 3; ++round) {
    REQUIRE(execute(*open(path), "DELETE FROM person"));
    const std::int64_t acknowledged = kill_while_committing(path, 10 + 13 * round);
    REQUIRE(acknowledged >= 10);
    const auto database = open(path);
    // All that was acknowledged, and at most the one after it.
    const std::int64_t kept = std::stoll(text_of(*database, "SELECT max(id) FROM person"));
    CHECK(kept >= acknowledged);
    CHECK(kept <= acknowledged + 1);
    CHECK(text_of(*database, "SELECT count(*) FROM person") == std::to_string(kept));
    CHECK(text_of(*database, "PRAGMA integrity_check") == "ok");
  }
}

TEST_CASE("statements are forgotten when a program makes too many", "[storage]") {
  const TempFolder folder;
  const auto database = open(folder.file("chucai.db"));
  for (int round = 0; round < 2; ++round) {
    const Done done = database->write([](Connection& c) -> Done {
      for (int i = 0; i < 300; ++i) {
        CHECK(text_of(c, "SELECT " + std::to_string(i)) == std::to_string(i));
      }
      return {};
    });
    CHECK(reason(done) == "");
  }
}
