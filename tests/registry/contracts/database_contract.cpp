#include "tests/registry/contracts/database_contract.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <limits>
#include <optional>
#include <stdexcept>
#include <thread>

#include "registry/storage/migrations.h"
#include "tests/support/outcomes.h"

namespace chucai::testing {

namespace {

constexpr EmbeddedFile kSchema[] = {
    {"sqlite/0001_contract.sql", R"(
CREATE TABLE office (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  note TEXT,
  seal BLOB,
  points INTEGER CHECK (points <> 13),
  office INTEGER REFERENCES office (id)
) STRICT;
)"},
    {"mariadb/0001_contract.sql", R"(
CREATE TABLE IF NOT EXISTS office (id BIGINT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS person (
  id BIGINT PRIMARY KEY,
  number VARCHAR(100) NOT NULL UNIQUE,
  note TEXT,
  seal BLOB,
  points BIGINT CHECK (points <> 13),
  office BIGINT REFERENCES office (id)
);
)"},
};

constexpr const char* kInsert =
    "INSERT INTO person (id, number, note, seal, points, office) VALUES (?, ?, ?, ?, ?, ?)";

Done insert_person(Connection& connection, std::int64_t id, std::string_view number) {
  connection.prepare(kInsert).bind(0, id).bind_text(1, number).run();
  return {};
}

Done add_person(Database& database, std::int64_t id, std::string_view number) {
  return database.write([&](Connection& c) { return insert_person(c, id, number); });
}

/// -1 when there is no row. (No assertion of Catch here: threads call it.)
std::int64_t integer_of(Connection& connection, std::string_view sql) {
  Statement& query = connection.prepare(sql);
  const std::int64_t value = query.step() ? query.integer(0) : -1;
  query.reset();
  return value;
}

std::int64_t integer_of(Database& database, std::string_view sql) {
  std::int64_t value = 0;
  REQUIRE(database.read([&](Connection& c) -> Done {
    value = integer_of(c, sql);
    return {};
  }));
  return value;
}

std::int64_t people(Database& database) {
  return integer_of(database, "SELECT count(*) FROM person");
}

void values_survive(Database& database) {
  struct Row {
    std::int64_t id;
    std::optional<std::string> note;
    std::optional<std::string> seal;
    std::optional<std::int64_t> points;
  };
  using Limits = std::numeric_limits<std::int64_t>;
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  const std::vector<Row> rows = {
      {1, std::nullopt, std::nullopt, std::nullopt},
      {2, "", "", 0},
      {3, "𠮷田 楚才 'x\" \\ %", every_byte, Limits::max()},
      {4, "x ", std::string("\0", 1), Limits::min()},
      {Limits::max(), std::string(60'000, 'x'), std::string(60'000, '\xff'), -1},
  };
  const Done written = database.write([&](Connection& c) -> Done {
    for (const Row& row : rows) {
      Statement& insert = c.prepare(kInsert);
      insert.bind(0, row.id).bind_text(1, "P" + std::to_string(row.id));
      if (row.note) insert.bind_text(2, *row.note);
      row.seal ? insert.bind_blob(3, *row.seal) : insert.bind_null(3);
      if (row.points) insert.bind(4, *row.points);
      CHECK(insert.run() == 1);
    }
    return {};
  });
  REQUIRE(reason(written) == "");
  const Done read = database.read([&](Connection& c) -> Done {
    Statement& query = c.prepare("SELECT id, note, seal, points FROM person ORDER BY id");
    for (const Row& row : rows) {
      REQUIRE(query.step());
      CHECK(query.integer(0) == row.id);
      CHECK(query.is_null(1) == !row.note);
      CHECK(query.text(1) == row.note.value_or(""));
      CHECK(query.is_null(2) == !row.seal);
      CHECK(query.blob(2) == row.seal.value_or(""));
      CHECK(query.is_null(3) == !row.points);
      CHECK(query.integer(3) == row.points.value_or(0));
    }
    CHECK_FALSE(query.step());
    Statement& by_seal = c.prepare("SELECT id FROM person WHERE seal = ?");
    CHECK(by_seal.bind_blob(0, every_byte).step());
    CHECK(by_seal.integer(0) == 3);
    return {};
  });
  CHECK(reason(read) == "");
}

void text_is_compared_by_bytes(Database& database) {
  std::int64_t id = 0;
  for (const char* number : {"𠮷田", "𠮸田", "x", "x ", "X"}) {
    INFO(number);
    CHECK(reason(add_person(database, ++id, number)) == "");
  }
  CHECK(integer_of(database, "SELECT count(*) FROM person WHERE number = 'x'") == 1);
}

void matched_rows_are_counted(Database& database) {
  REQUIRE(add_person(database, 1, "P1"));
  REQUIRE(add_person(database, 2, "P2"));
  const Done done = database.write([](Connection& c) -> Done {
    Statement& update = c.prepare("UPDATE person SET note = 'same' WHERE id <= ?");
    CHECK(update.bind(0, 2).run() == 2);
    CHECK(update.run() == 2);  // matched, though nothing changes
    CHECK(update.bind(0, 0).run() == 0);
    CHECK(c.prepare("DELETE FROM person WHERE id = 1").run() == 1);
    return {};
  });
  CHECK(reason(done) == "");
}

void broken_rules_are_named(Database& database) {
  REQUIRE(add_person(database, 1, "420106-secret"));
  const Done twice = add_person(database, 2, "420106-secret");
  REQUIRE(reason(twice) == "storage.unique");
  CHECK(twice.error().code == ErrorCode::Conflict);
  CHECK(twice.error().problem.where == "number");
  CHECK(twice.error().cause.find("420106") == std::string::npos);
  CHECK(reason(add_person(database, 1, "P3")) == "storage.unique");

  const auto run = [&](std::string_view sql) {
    return reason(database.write([&](Connection& c) -> Done {
      c.execute(sql);
      return {};
    }));
  };
  CHECK(run("INSERT INTO person (id, number, office) VALUES (5, 'P5', 77)") == "storage.reference");
  CHECK(run("INSERT INTO person (id, number) VALUES (5, NULL)") == "storage.check");
  CHECK(run("INSERT INTO person (id, number, points) VALUES (5, 'P5', 13)") == "storage.check");
  CHECK(run("INSERT INTO person (id, number, points) VALUES (5, 'P5', 'many')") == "storage.check");
  CHECK(run("SELECT nothing FROM nowhere") == "storage.schema");
  CHECK(people(database) == 1);
}

void failures_roll_back(Database& database) {
  const Done refused = database.write([](Connection& c) -> Done {
    insert_person(c, 1, "P1");
    return fail(ErrorCode::FailedPrecondition, "need.closed");
  });
  CHECK(reason(refused) == "need.closed");
  CHECK_THROWS_AS(database.write([](Connection& c) -> Done {
    insert_person(c, 2, "P2");
    throw std::logic_error("a bug");
  }),
                  std::logic_error);
  CHECK(people(database) == 0);
  CHECK(reason(add_person(database, 3, "P3")) == "");  // the connection is as good as before
  CHECK(people(database) == 1);
}

void a_read_cannot_write(Database& database) {
  const Done done = database.read([](Connection& c) { return insert_person(c, 1, "P1"); });
  CHECK_FALSE(done);
  CHECK(people(database) == 0);
}

void a_read_sees_one_view(Database& database) {
  REQUIRE(add_person(database, 1, "P1"));
  const Done done = database.read([&](Connection& c) -> Done {
    CHECK(integer_of(c, "SELECT count(*) FROM person") == 1);
    bool added = false;
    std::thread([&] { added = add_person(database, 2, "P2").has_value(); }).join();
    CHECK(added);
    CHECK(integer_of(c, "SELECT count(*) FROM person") == 1);
    return {};
  });
  CHECK(reason(done) == "");
  CHECK(people(database) == 2);
}

void an_open_query_does_not_outlive_its_transaction(Database& database) {
  REQUIRE(add_person(database, 1, "P1"));
  REQUIRE(add_person(database, 2, "P2"));
  REQUIRE(database.read([](Connection& c) -> Done {
    CHECK(c.prepare("SELECT id FROM person").step());  // one row read, one left
    return {};
  }));
  REQUIRE(add_person(database, 3, "P3"));
  CHECK(people(database) == 3);
}

void a_statement_works_again_after_an_error(Database& database) {
  REQUIRE(add_person(database, 1, "P1"));
  const Done done = database.write([](Connection& c) -> Done {
    CHECK_THROWS_AS(insert_person(c, 1, "P1"), DbError);
    return insert_person(c, 2, "P2");
  });
  CHECK(reason(done) == "");
  CHECK(people(database) == 2);
}

void what_is_not_bound_is_null(Database& database) {
  const Done done = database.write([](Connection& c) -> Done {
    c.prepare(kInsert).bind(0, 1).bind_text(1, "P1").bind_text(2, "note").run();
    c.prepare(kInsert).bind(0, 2).bind_text(1, "P2").run();
    return {};
  });
  CHECK(reason(done) == "");
  CHECK(integer_of(database, "SELECT count(*) FROM person WHERE note IS NULL") == 1);
}

void conflicts_run_the_body_again(Database& database) {
  int runs = 0;
  const Done won = database.write([&](Connection& c) -> Done {
    const Done done = insert_person(c, 1, "P1");
    if (++runs < 3) throw DbError(DbFailure::Conflict, 0, "somebody was faster");
    return done;
  });
  CHECK(reason(won) == "");
  CHECK(runs == 3);
  CHECK(people(database) == 1);

  runs = 0;
  const auto always = [&](Connection&) -> Done {
    ++runs;
    throw DbError(DbFailure::Conflict, 0, "somebody was faster");
  };
  CHECK(reason(database.write(always, {.attempts = 2})) == "storage.busy");
  CHECK(runs == 2);
}

/// Adds one by read, compare and set; when somebody was faster the whole transaction runs again.
Done add_point(Database& database) {
  return database.write(
      [](Connection& c) -> Done {
        const std::int64_t points = integer_of(c, "SELECT points FROM person WHERE id = 1");
        Statement& update = c.prepare("UPDATE person SET points = ? WHERE id = 1 AND points = ?");
        if (update.bind(0, points + 1).bind(1, points).run() == 0) {
          throw DbError(DbFailure::Conflict, 0, "points changed");
        }
        return {};
      },
      {.attempts = 100});
}

void four_writers_lose_nothing(Database& database) {
  REQUIRE(database.write([](Connection& c) -> Done {
    c.execute("INSERT INTO person (id, number, points) VALUES (1, 'P1', 100)");
    return {};
  }));
  std::atomic<int> done = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      for (int k = 0; k < 20; ++k) done += add_point(database).has_value();
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(done == 80);
  CHECK(integer_of(database, "SELECT points FROM person WHERE id = 1") == 180);
}

}  // namespace

void database_contract(Database& database) {
  const auto migrated = apply_migrations(database, kSchema);
  INFO((migrated ? "" : migrated.error().cause));
  REQUIRE(migrated);
  SECTION("values come back as they went in") {
    values_survive(database);
  }
  SECTION("text is compared by bytes") {
    text_is_compared_by_bytes(database);
  }
  SECTION("an update counts the rows it matched") {
    matched_rows_are_counted(database);
  }
  SECTION("broken rules are named, without values") {
    broken_rules_are_named(database);
  }
  SECTION("an Error and an exception roll back") {
    failures_roll_back(database);
  }
  SECTION("a read cannot write") {
    a_read_cannot_write(database);
  }
  SECTION("a read sees one consistent view") {
    a_read_sees_one_view(database);
  }
  SECTION("an open query ends with its transaction") {
    an_open_query_does_not_outlive_its_transaction(database);
  }
  SECTION("a statement works again after an error") {
    a_statement_works_again_after_an_error(database);
  }
  SECTION("a parameter that is not bound is NULL") {
    what_is_not_bound_is_null(database);
  }
  SECTION("a conflict runs the whole body again") {
    conflicts_run_the_body_again(database);
  }
  SECTION("four writers of one row lose nothing") {
    four_writers_lose_nothing(database);
  }
}

}  // namespace chucai::testing
