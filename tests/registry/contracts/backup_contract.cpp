#include "tests/registry/contracts/backup_contract.h"

#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "registry/service/audit.h"
#include "registry/service/backup.h"
#include "registry/service/documents.h"
#include "registry/service/key_rotation.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "registry/service/reveal.h"
#include "registry/storage/change_feed.h"
#include "registry/storage/table_dump.h"
#include "tests/support/builders.h"
#include "tests/support/temp_folder.h"

namespace chucai::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNumber = "420106198503010007";

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::string& path, const std::string& bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string reason(const Result<BackupReport>& result) {
  if (result) return {};
  INFO(result.error().cause);
  return result.error().problem.reason;
}

/// Another data folder, with the key of `registry` in it.
RegistryOptions elsewhere(const TestRegistry& registry, const TempFolder& folder,
                          const std::string& url = {}) {
  RegistryOptions options = registry.options();
  options.data_folder = folder.file("elsewhere");
  options.database_url = url;
  fs::create_directories(options.data_folder);
  fs::copy_file(master_key_path(registry.options()), master_key_path(options));
  return options;
}

Person registered(Registry& registry, const std::string& name, const std::string& number) {
  Person person = a_person(name, number);
  const Done created = create_record(registry, province_office(), type_of<Person>(), person);
  INFO((created ? "" : created.error().problem.reason));
  REQUIRE(created);
  return person;
}

std::int64_t number_of(Registry& registry, const std::string& sql) {
  std::int64_t number = -1;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    Statement& query = db.prepare(sql);
    if (query.step()) number = query.integer(0);
    query.reset();
    return {};
  }));
  return number;
}

void check_trail(Registry& registry) {
  const auto report = verify_trail(registry);
  REQUIRE(report);
  INFO((report->first_bad ? place_text(*report->first_bad) : ""));
  CHECK_FALSE(report->first_bad);
}

}  // namespace

void restored_is_what_was_acknowledged(TestRegistry& registry, const std::string& into) {
  const TempFolder folder;
  registry.reopen();  // which signs a checkpoint of the audit trail
  const Person person = registered(*registry, "韩备份", kNumber);
  const Principal office = province_office();
  Document paper;
  paper.name = "关于公布入选名单的通知";
  paper.number = "鄂才〔2018〕1号";
  paper.region = "420000";
  REQUIRE(create_record(*registry, office, type_of<Document>(), paper));
  const std::string scan = "%PDF-" + std::string(3'000'000, 'x') + "end";
  REQUIRE(attach_file(*registry, office, paper.number, scan));
  put(registry.options().data_folder + "/documents/ab/cd.Xy12z4", "an upload under way");

  std::atomic<bool> stop = false;
  std::atomic<int> acknowledged = 0;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      Need need = a_need("N" + std::to_string(i));
      if (create_record(*registry, province_office(), type_of<Need>(), need)) ++acknowledged;
    }
  });
  while (acknowledged < 5) std::this_thread::yield();
  const int before = acknowledged;
  const std::string file = folder.file("all.chucai");
  const auto made = backup_register(*registry, province_office(), file);
  const int after = acknowledged + 1;  // one may be committed and not yet acknowledged
  stop = true;
  writer.join();
  INFO((made ? "" : made.error().problem.reason + " " + made.error().cause));
  REQUIRE(made);
  CHECK(made->files == 2);  // the document, and the checkpoints of the audit trail

  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string archive = bytes_of(file);
  CHECK(archive.find(kNumber) == std::string::npos);
  const std::string key = bytes_of(master_key_path(registry.options())).substr(0, 64);
  CHECK(archive.find(key) == std::string::npos);
  CHECK(archive.find(from_hex(key)) == std::string::npos);

  const RegistryOptions options = elsewhere(registry, folder, into);
  const auto restored = restore_register(options, province_office(), file);
  INFO((restored ? "" : restored.error().problem.reason + " " + restored.error().cause));
  REQUIRE(restored);
  CHECK(restored->rows == made->rows);
  const auto opened = Registry::open(options);
  REQUIRE(opened);
  Registry& copy = **opened;
  const std::int64_t needs = number_of(copy, "SELECT COUNT(*) FROM need");
  CHECK(needs >= before);
  CHECK(needs <= after);
  CHECK(number_of(copy, "SELECT COUNT(*) FROM status_log WHERE record_type = 'need'") ==
        number_of(copy, "SELECT COUNT(*) FROM need WHERE status IS NOT NULL"));
  check_trail(copy);
  const auto number =
      reveal_field(copy, province_office(), {person.id, "id_no", "恢复核对", "2018-7"});
  REQUIRE(number);
  CHECK(*number == kNumber);
  PageRequest request{{}, 0, 10, *SearchQuery::parse("韩备")};
  const auto found = list_records(copy, province_office(), type_of<Person>(), request);
  REQUIRE(found);
  REQUIRE(found->records.size() == 1);
  CHECK(found->records.front()->id == person.id);
  const auto kept = read_file_of(copy, office, paper.number);
  REQUIRE(kept);
  CHECK(kept->bytes == scan);
  Person twin = a_person("韩备份", kNumber);  // the blind index came along
  CHECK_FALSE(create_record(copy, office, type_of<Person>(), twin));
  const auto seen = latest_change(copy.database());
  REQUIRE(seen);
  const Person later = registered(copy, "后来人", "422801199006151020");
  REQUIRE(latest_change(copy.database()) == *seen + 1);
  REQUIRE(copy.database().read([&](Connection& db) -> Done {
    const auto changes = changes_after(db, *seen, 10);
    REQUIRE(changes.size() == 1);
    CHECK(changes.front() == Change{*seen + 1, "person", later.id, 1});
    return {};
  }));
}

void what_does_not_fit_is_refused(TestRegistry& registry) {
  const TempFolder folder;
  registered(*registry, "韩备份", kNumber);
  const std::string file = folder.file("all.chucai");
  REQUIRE(backup_register(*registry, province_office(), file));
  const RegistryOptions options = elsewhere(registry, folder);
  fs::remove(master_key_path(options));
  CHECK(reason(restore_register(options, province_office(), file)) == "backup.key_needed");
  REQUIRE(create_master_keys(master_key_path(options)));
  CHECK(reason(restore_register(options, province_office(), file)) == "registry.wrong_key");
  CHECK(reason(restore_register(registry.options(), province_office(), file)) ==
        "backup.not_empty");
  CHECK(reason(restore_register(options, province_office(), folder.file("none"))) == "backup.read");
  CHECK(reason(verify_backup(master_key_path(options))) == "backup.format");

  // Documents without a database are not an empty folder either.
  const TempFolder other;
  const RegistryOptions half = elsewhere(registry, other);
  put(half.data_folder + "/documents/ab/cd", "kept");
  CHECK(reason(restore_register(half, province_office(), file)) == "backup.not_empty");
  CHECK(bytes_of(half.data_folder + "/documents/ab/cd") == "kept");

  // After a rotation the key file of before does not fit, although it is of the same register.
  const TempFolder third;
  const RegistryOptions before = elsewhere(registry, third);
  REQUIRE(rotate_keys(*registry, local_operator("tests")));
  const std::string rotated = folder.file("rotated.chucai");
  REQUIRE(backup_register(*registry, province_office(), rotated));
  CHECK(reason(restore_register(before, province_office(), rotated)) == "registry.wrong_key");
  CHECK(current_schema(**open_database(database_url(before))) == 0);
}

void damage_is_found(TestRegistry& registry) {
  const TempFolder folder;
  const std::string file = folder.file("all.chucai");
  REQUIRE(backup_register(*registry, province_office(), file));
  REQUIRE(verify_backup(file));
  const std::string whole = bytes_of(file);
  const RegistryOptions options = elsewhere(registry, folder);
  const std::string bad = folder.file("bad.chucai");
  std::mt19937 random(5);
  for (int i = 0; i < 60; ++i) {
    std::string bytes = whole;
    if (i % 3 == 0) {
      bytes.resize(random() % whole.size());
    } else {
      bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    }
    put(bad, bytes);
    INFO(i);
    CHECK_FALSE(verify_backup(bad));
    if (i % 20 == 0) CHECK_FALSE(restore_register(options, province_office(), bad));
  }
  CHECK_FALSE(fs::exists(options.data_folder + "/chucai.db"));  // nothing was touched

  // A restore that was cut off: the register does not open until it is run again.
  REQUIRE(restore_register(options, province_office(), file));
  {
    auto database = open_database(database_url(options));
    REQUIRE(database);
    REQUIRE(TableLoader(**database).begin());
  }
  for (const auto& refused : {Registry::open(options), Registry::init(options)}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem.reason == "backup.unfinished");
  }
  REQUIRE(restore_register(options, province_office(), file));
  const auto opened = Registry::open(options);
  REQUIRE(opened);
  check_trail(**opened);
}

void populate(Registry& registry, int people) {
  const Principal office = province_office();
  const Person one = registered(registry, "韩备份", kNumber);
  Person twin = a_person("韩备份", "");
  twin.birth = Date{1985, 3, 0};
  REQUIRE(create_record(registry, office, type_of<Person>(), twin));
  Need need = a_need("N1");
  REQUIRE(create_record(registry, office, type_of<Need>(), need));
  Document paper;
  paper.name = "名单";
  paper.region = "420000";
  REQUIRE(create_record(registry, office, type_of<Document>(), paper));
  REQUIRE(attach_file(registry, office, id_text(paper.id), "%PDF-1.4 名单"));
  REQUIRE(registry.database().write([&](Connection& db) -> Done {
    for (int i = 2; i < people; ++i) {
      Person person = a_person("老人" + std::to_string(i), "");
      person.id = registry.new_id();
      person.version = 3;
      person.office = "420000";
      if (const Done in = registry.store().insert(db, type_of<Person>(), person); !in) return in;
    }
    return {};
  }));
  REQUIRE(rescan(registry, office));
}

namespace {

/// What populate() has put in, found by number, by words and as twins.
void check_is_whole(Registry& registry) {
  const Principal office = province_office();
  PageRequest request{{}, 0, 10, *SearchQuery::parse("农业技术 老人24")};
  const auto found = list_records(registry, office, type_of<Person>(), request);
  REQUIRE(found);
  REQUIRE_FALSE(found->records.empty());
  CHECK(static_cast<const Person&>(*found->records.front()).name == "老人24");
  const auto twins = list_duplicates(registry, office, Band::No, {}, 10);
  REQUIRE(twins);
  REQUIRE(twins->pairs.size() == 1);
  const Person& one = twins->pairs.front().one;
  const Person& other = twins->pairs.front().other;
  const auto number = reveal_identity(registry, office, std::min(one.id, other.id), "升级核对");
  REQUIRE(number);
  CHECK(*number == kNumber);
  check_trail(registry);
}

/// Runs `visit` with the name of each table of `database` and the list of its columns.
template <class Visit>
void each_table(Connection& db, const Visit& visit) {
  const bool is_mariadb = db.dialect() == Dialect::MariaDb;
  Statement& tables = db.prepare(
      is_mariadb ? "SELECT table_name, GROUP_CONCAT(CONCAT('`', column_name, '`'))"
                   " FROM information_schema.columns WHERE table_schema = DATABASE()"
                   " GROUP BY table_name"
                 : "SELECT m.name, GROUP_CONCAT('`' || c.name || '`') FROM sqlite_schema m"
                   " JOIN pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name");
  std::vector<std::pair<std::string, std::string>> found;
  while (tables.step()) found.emplace_back(tables.text(0), tables.text(1));
  for (const auto& [table, columns] : found) visit(table, columns);
}

/// Tables that an upgrade changes, or whose rows are written otherwise since schema 5.
bool is_carried_over(const std::string& table) {
  for (const char* other :
       {"schema_", "audit_", "search", "feed", "change_feed", "setting", "reveal_quota"}) {
    if (table.starts_with(other)) return false;
  }
  return true;
}

/// Calls `run` with a connection to the database of `options` that sees `current` under a name.
void beside(const RegistryOptions& options, const RegistryOptions& current,
            const std::function<void(Connection&, const std::string& prefix)>& run) {
  auto database = open_database(database_url(options));
  REQUIRE(database);
  REQUIRE((*database)->outside_transaction([&](Connection& db) -> Done {
    const std::string url = database_url(current);
    if (db.dialect() == Dialect::MariaDb) {
      const std::string path = url.substr(0, url.find('?'));
      run(db, path.substr(path.rfind('/') + 1) + ".");
    } else {
      db.execute("ATTACH '" + url.substr(url.find(':') + 1) + "' AS current");
      run(db, "current.");
    }
    return {};
  }));
}

}  // namespace

void an_earlier_schema_comes_up_with_its_data(TestRegistry& current, int schema,
                                              const std::string& url) {
  const TempFolder folder;
  const RegistryOptions options = elsewhere(current, folder, url);
  {
    auto database = open_database(database_url(options));
    REQUIRE(database);
    REQUIRE(migrate_to(**database, schema));
  }
  std::vector<std::pair<std::string, std::string>> carried;  // tables and their columns
  beside(options, current.options(), [&](Connection& db, const std::string& now) {
    each_table(db, [&](const std::string& table, const std::string& columns) {
      if (!is_carried_over(table)) return;
      carried.emplace_back(table, columns);
      db.execute("INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + now +
                 table);
    });
    if (schema > 1) db.execute("INSERT INTO setting SELECT * FROM " + now + "setting");
    if (schema > 1) db.execute("DELETE FROM setting WHERE name LIKE '%filled'");
  });
  const auto old_program = Registry::open(options);
  REQUIRE_FALSE(old_program);
  CHECK(old_program.error().problem.reason == "registry.schema_behind");

  {
    const auto opened = Registry::init(options);
    INFO((opened ? "" : opened.error().problem.reason + " " + opened.error().cause));
    REQUIRE(opened);
    check_is_whole(**opened);
  }
  beside(options, current.options(), [&](Connection& db, const std::string& now) {
    for (const auto& [table, columns] : carried) {
      INFO(table);
      for (const auto& [here, there] : {std::pair{table, now + table}, {now + table, table}}) {
        Statement& rest = db.prepare("SELECT COUNT(*) FROM (SELECT " + columns + " FROM " + here +
                                     " EXCEPT SELECT " + columns + " FROM " + there + ") AS rest");
        REQUIRE(rest.step());
        CHECK(rest.integer(0) == 0);
        rest.reset();
      }
    }
  });

  // The old state was kept first, and comes back to the same.
  std::vector<fs::path> kept;
  for (const auto& entry : fs::directory_iterator(options.data_folder + "/backups")) {
    kept.push_back(entry.path());
  }
  REQUIRE(kept.size() == 1);
  const auto report = verify_backup(kept.front().string());
  REQUIRE(report);
  CHECK(report->schema == schema);
  const TempFolder second;
  const RegistryOptions again = elsewhere(current, second);
  REQUIRE(restore_register(again, province_office(), kept.front().string()));
  const auto back = Registry::open(again);
  REQUIRE(back);
  check_is_whole(**back);
}

}  // namespace chucai::testing
