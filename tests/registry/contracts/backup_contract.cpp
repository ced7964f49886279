#include "tests/registry/contracts/backup_contract.h"

#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "registry/service/backup.h"
#include "registry/service/records.h"
#include "registry/service/reveal.h"
#include "registry/storage/table_dump.h"
#include "registry/storage/trail_stores.h"
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

bool chain_is_whole(Registry& registry) {
  bool whole = false;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    whole = !verify_audit(db, registry.vault()).first_bad;
    return {};
  }));
  return whole;
}

}  // namespace

void restored_is_what_was_acknowledged(TestRegistry& registry, const std::string& into) {
  const TempFolder folder;
  const Person person = registered(*registry, "韩备份", kNumber);
  const std::string document = "documents/ab/cd.pdf";
  put(registry.options().data_folder + "/" + document, std::string(3'000'000, 'x') + "end");

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
  CHECK(made->files >= 1);

  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string archive = bytes_of(file);
  CHECK(archive.find(kNumber) == std::string::npos);
  const std::string key = bytes_of(master_key_path(registry.options()));
  CHECK(archive.find(key.substr(0, 64)) == std::string::npos);

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
  CHECK(chain_is_whole(copy));
  const auto number =
      reveal_field(copy, province_office(), {person.id, "id_no", "恢复核对", "2018-7"});
  REQUIRE(number);
  CHECK(*number == kNumber);
  PageRequest request{{}, 0, 10, *SearchQuery::parse("韩备")};
  const auto found = list_records(copy, province_office(), type_of<Person>(), request);
  REQUIRE(found);
  REQUIRE(found->records.size() == 1);
  CHECK(found->records.front()->id == person.id);
  CHECK(bytes_of(options.data_folder + "/" + document).size() == 3'000'003);
  Person twin = a_person("韩备份", kNumber);  // the blind index came along
  CHECK_FALSE(create_record(copy, province_office(), type_of<Person>(), twin));
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
    const auto opened = Registry::open(options);
    REQUIRE(opened);
    REQUIRE((*opened)->database().write([](Connection& db) -> Done {
      save_setting(db, kRestoringSetting, "1");
      return {};
    }));
  }
  const auto refused = Registry::open(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().problem.reason == "backup.unfinished");
  REQUIRE(restore_register(options, province_office(), file));
  CHECK(Registry::open(options));
}

void an_earlier_schema_comes_up_with_its_data(const std::string& url) {
  const TempFolder folder;
  RegistryOptions options;
  options.data_folder = folder.file("data");
  options.database_url = url;
  options.today = Date{2018, 6, 30};
  fs::create_directories(options.data_folder);
  const auto key = create_master_keys(master_key_path(options));
  REQUIRE(key);
  const std::string check_value = Vault(*key).check_value();
  {
    auto database = open_database(database_url(options));
    REQUIRE(database);
    REQUIRE(migrate_to(**database, 2));
    REQUIRE((*database)->write([&](Connection& db) -> Done {
      save_setting(db, kKeyCheckSetting, check_value);
      for (std::int64_t id = 1; id <= 2500; ++id) {
        db.prepare(
              "INSERT INTO person (id, version, created_at, updated_at, batch, office, scope, name,"
              " employer, region, roles, status) VALUES (?, 3, 1, 2, 0, '420000', '420106', ?,"
              " '省农科院茶叶所', '420106', 'expert', 'active')")
            .bind(0, id)
            .bind_text(1, "老人" + std::to_string(id))
            .run();
      }
      return {};
    }));
    const auto old_program = Registry::open(options);
    REQUIRE_FALSE(old_program);
    CHECK(old_program.error().problem.reason == "registry.schema_behind");
  }
  const auto opened = Registry::init(options);
  INFO((opened ? "" : opened.error().problem.reason + " " + opened.error().cause));
  REQUIRE(opened);
  Registry& registry = **opened;
  CHECK(number_of(registry, "SELECT COUNT(*) FROM person") == 2500);
  const auto person = find_record(registry, province_office(), type_of<Person>(), id_text(2500));
  REQUIRE(person);
  CHECK((*person)->version == 3);
  CHECK(static_cast<const Person&>(**person).name == "老人2500");
  PageRequest request{{}, 0, 200, *SearchQuery::parse("茶叶 老人24")};
  const auto found = list_records(registry, province_office(), type_of<Person>(), request);
  REQUIRE(found);
  CHECK(found->records.size() == 111);  // 24, 240..249, 2400..2499

  // The old state was kept first, and comes back to the same.
  std::vector<fs::path> kept;
  for (const auto& entry : fs::directory_iterator(options.data_folder + "/backups")) {
    kept.push_back(entry.path());
  }
  REQUIRE(kept.size() == 1);
  const auto report = verify_backup(kept.front().string());
  REQUIRE(report);
  CHECK(report->schema == 2);
  CHECK(report->rows == 2501);
  RegistryOptions again = options;
  again.data_folder = folder.file("again");
  again.database_url.clear();
  fs::create_directories(again.data_folder);
  fs::copy_file(master_key_path(options), master_key_path(again));
  REQUIRE(restore_register(again, province_office(), kept.front().string()));
  const auto back = Registry::open(again);
  REQUIRE(back);
  CHECK(number_of(**back, "SELECT COUNT(*) FROM person WHERE version = 3") == 2500);
}

}  // namespace chucai::testing
