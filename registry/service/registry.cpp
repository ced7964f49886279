#include "registry/service/registry.h"

#include <sys/stat.h>

#include <chrono>
#include <cstring>
#include <filesystem>

#include "registry/domain/csv_text.h"
#include "registry/domain/office_term.h"
#include "registry/domain/program.h"
#include "registry/service/backup.h"
#include "registry/service/one_person.h"
#include "registry/storage/search_store.h"
#include "registry/storage/table_dump.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::string_view kKeyFile = "master.key";
constexpr std::string_view kDatabaseFile = "chucai.db";
constexpr std::string_view kCheckpointFile = "audit.checkpoints";
constexpr std::string_view kBackupFolder = "backups";
constexpr std::int64_t kBeijingOffsetUs = std::int64_t{8} * 3600 * 1'000'000;
constexpr std::int64_t kDayUs = std::int64_t{24} * 3600 * 1'000'000;

std::int64_t system_now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::uint64_t random_seed() {
  const std::string bytes = random_bytes(sizeof(std::uint64_t));
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

std::string path_in(const RegistryOptions& options, std::string_view file) {
  return (std::filesystem::path(options.data_folder) / file).string();
}

Done create_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::FailedPrecondition, "registry.folder", {}, {folder});
  ::chmod(folder.c_str(), S_IRWXU);
  return {};
}

/// Who does what the program does by itself.
Principal upkeep() {
  return {"chucai", "local_operator", "420000"};
}

Done check_restored(Database& database) {
  const auto restoring = is_restoring(database);
  if (!restoring) return tl::make_unexpected(restoring.error());
  if (*restoring) return fail(ErrorCode::FailedPrecondition, "backup.unfinished");
  return {};
}

}  // namespace

std::string database_url(const RegistryOptions& options) {
  return options.database_url.empty() ? "sqlite:" + path_in(options, kDatabaseFile)
                                      : options.database_url;
}

bool has_database(const RegistryOptions& options) {
  return !options.database_url.empty() || std::filesystem::exists(path_in(options, kDatabaseFile));
}

std::string master_key_path(const RegistryOptions& options) {
  return path_in(options, kKeyFile);
}

Result<std::vector<std::unique_ptr<Record>>> shipped_programs() {
  std::vector<std::unique_ptr<Record>> programs;
  CsvTable table(*find_file(embedded_codes(), "programs.csv"));
  while (table.next()) {
    auto program = std::make_unique<Program>();
    for (const Field& field : type_of<Program>().fields) {
      const std::string text(table.at(table.column(field.name)));
      if (!text.empty()) field.set(*program, text);
    }
    programs.push_back(std::move(program));
  }
  if (const Done sound = table.finish(); !sound) return tl::make_unexpected(sound.error());
  return programs;
}

Registry::Registry(const RegistryOptions& options, const MasterKeys& keys, CodeBook codes,
                   Messages messages, std::unique_ptr<Database> database)
    : options_(options),
      codes_(std::move(codes)),
      regions_(std::make_unique<RegionMap>(codes_)),
      messages_(std::move(messages)),
      vault_(keys, [path = key_file()] { return load_master_keys(path); }),
      database_(std::move(database)),
      store_(std::make_unique<RecordStore>(vault_)),
      coverage_(*database_),
      now_us_(options.now_us ? options.now_us : system_now_us),
      today_(options.today ? options.today : date_of_day(day_now())),
      ids_(random_seed()) {
  // Its time is the wall clock's own: a clock of options need not bear a second thread.
  checkpoints_ = std::make_unique<CheckpointWriter>(checkpoint_file(), vault_, system_now_us);
  audit_ = std::make_unique<AuditTrail>(
      vault_, new_id(), [this](const ChainPlace& place) { checkpoints_->reached(place); });
}

Result<std::unique_ptr<Registry>> Registry::assemble(const RegistryOptions& options,
                                                     const MasterKeys& keys) {
  auto codes = shipped_codes();
  if (!codes) return tl::make_unexpected(codes.error());
  auto messages = Messages::load(embedded_codes());
  if (!messages) return tl::make_unexpected(messages.error());
  auto database = open_database(database_url(options));
  if (!database) return tl::make_unexpected(database.error());
  return std::unique_ptr<Registry>(
      new Registry(options, keys, std::move(*codes), std::move(*messages), std::move(*database)));
}

Result<std::unique_ptr<Registry>> Registry::init(const RegistryOptions& options) {
  if (const Done created = create_folder(options.data_folder); !created) {
    return tl::make_unexpected(created.error());
  }
  const std::string key_path = master_key_path(options);
  const auto keys =
      std::filesystem::exists(key_path) ? load_master_keys(key_path) : create_master_keys(key_path);
  if (!keys) return tl::make_unexpected(keys.error());
  auto registry = assemble(options, *keys);
  if (!registry) return registry;
  if (const Done migrated = (*registry)->migrate_schema(); !migrated) {
    return tl::make_unexpected(migrated.error());
  }
  if (const Done filled = (*registry)->fill_search(); !filled) {
    return tl::make_unexpected(filled.error());
  }
  if (const Done checked = (*registry)->check_key_and_schema(); !checked) {
    return tl::make_unexpected(checked.error());
  }
  if (const Done seeded = (*registry)->seed_programs(); !seeded) {
    return tl::make_unexpected(seeded.error());
  }
  if (const Done filled = (*registry)->fill_twins(); !filled) {
    return tl::make_unexpected(filled.error());
  }
  if (const Done loaded = (*registry)->load_office_terms(); !loaded) {
    return tl::make_unexpected(loaded.error());
  }
  return registry;
}

Result<std::unique_ptr<Registry>> Registry::open(const RegistryOptions& options) {
  const std::string key_path = master_key_path(options);
  if (!std::filesystem::exists(key_path)) {
    const bool has_data = std::filesystem::exists(path_in(options, kDatabaseFile));
    return fail(ErrorCode::FailedPrecondition,
                has_data ? "key.missing" : "registry.not_initialised", {}, {options.data_folder});
  }
  const auto keys = load_master_keys(key_path);
  if (!keys) return tl::make_unexpected(keys.error());
  auto registry = assemble(options, *keys);
  if (!registry) return registry;
  if (const Done checked = (*registry)->check_key_and_schema(); !checked) {
    return tl::make_unexpected(checked.error());
  }
  if (const Done loaded = (*registry)->load_office_terms(); !loaded) {
    return tl::make_unexpected(loaded.error());
  }
  return registry;
}

Done Registry::check_key_and_schema() {
  if (const Done restored = check_restored(*database_); !restored) return restored;
  const auto schema = current_schema(*database_);
  if (!schema) return tl::make_unexpected(schema.error());
  if (*schema < newest_schema()) {
    return fail(ErrorCode::FailedPrecondition, "registry.schema_behind", {},
                {std::to_string(*schema), std::to_string(newest_schema())});
  }
  if (*schema > newest_schema()) {
    return fail(ErrorCode::FailedPrecondition, "storage.newer_schema", {},
                {std::to_string(*schema), std::to_string(newest_schema())});
  }
  return database_->write([&](Connection& db) -> Done {
    if (!load_setting(db, kSearchFilledSetting)) {  // a migration that was cut off
      return fail(ErrorCode::FailedPrecondition, "registry.schema_behind", {},
                  {std::to_string(*schema), std::to_string(newest_schema())});
    }
    const auto stored = load_setting(db, kKeyCheckSetting);
    if (!stored) {
      save_setting(db, kKeyCheckSetting, vault_.check_value());
    } else if (*stored != vault_.check_value()) {
      return fail(ErrorCode::FailedPrecondition, "registry.wrong_key");
    }
    const auto wrap_key = load_setting(db, kWrapKeySetting);
    if (!wrap_key) {
      save_setting(db, kWrapKeySetting, vault_.wrap_key_name());
    } else if (!vault_.has_wrap_key(*wrap_key)) {  // a key file from before a rotation
      return fail(ErrorCode::FailedPrecondition, "registry.wrong_key");
    }
    return {};
  });
}

// In the order in which they were added, so that a parent comes before its parts.
Done Registry::load_office_terms() {
  std::vector<OfficeTerm> terms;
  const Done read = database_->read([&](Connection& db) -> Done {
    terms.clear();
    store_->for_each(db, whole_register(), type_of<OfficeTerm>(), [&](const Record& record) {
      terms.push_back(static_cast<const OfficeTerm&>(record));
    });
    return {};
  });
  if (!read) return read;
  for (const OfficeTerm& term : terms) {
    if (const Done added = codes_.add({to_term(term, codes_)}); !added) return added;
  }
  return {};
}

Done Registry::migrate_schema() {
  if (const Done restored = check_restored(*database_); !restored) return restored;
  const auto schema = current_schema(*database_);
  if (!schema) return tl::make_unexpected(schema.error());
  const auto is_half = is_half_migrated(*database_);  // its backup was made when it began
  if (!is_half) return tl::make_unexpected(is_half.error());
  if (*schema > 0 && *schema < newest_schema() && !*is_half) {
    const std::string folder = path_in(options_, kBackupFolder);
    if (const Done created = create_folder(folder); !created) return created;
    const std::string name =
        "schema-" + std::to_string(*schema) + "-" + std::to_string(now_us()) + ".chucai";
    const auto kept = write_backup(*database_, options_, now_us(),
                                   (std::filesystem::path(folder) / name).string());
    if (!kept) return tl::make_unexpected(kept.error());
  }
  const auto steps = migrate(*database_);
  if (!steps) return tl::make_unexpected(steps.error());
  return {};
}

Done Registry::fill_search() {
  bool is_filled = false;
  const Done read = database_->read([&](Connection& db) -> Done {
    is_filled = load_setting(db, kSearchFilledSetting).has_value();
    return {};
  });
  if (!read || is_filled) return read;
  if (const Done filled = store_->fill_search(*database_); !filled) return filled;
  return database_->write([&](Connection& db) -> Done {
    save_setting(db, kSearchFilledSetting, "1");
    return {};
  });
}

Done Registry::fill_twins() {
  bool is_filled = false;
  const Done read = database_->read([&](Connection& db) -> Done {
    is_filled = load_setting(db, kTwinsFilledSetting).has_value();
    return {};
  });
  if (!read || is_filled) return read;
  const auto scanned = rescan(*this, upkeep());
  if (!scanned) return tl::make_unexpected(scanned.error());
  return {};
}

Done Registry::seed_programs() {
  const auto programs = shipped_programs();
  if (!programs) return tl::make_unexpected(programs.error());
  return database_->write([&](Connection& db) -> Done {
    const RecordType& type = type_of<Program>();
    if (store_->count(db, whole_register(), type) > 0) return {};
    std::vector<AuditEntry> trail;
    for (const auto& program : *programs) {
      program->id = new_id();
      program->version = 1;
      program->created_at = program->updated_at = now_us();
      program->office = whole_register().region;
      if (const Done written = store_->insert(db, type, *program); !written) return written;
      trail.push_back({"create", "program", program->id, "shipped"});
    }
    audit_->append(db, audit_context(upkeep()), trail);
    return {};
  });
}

std::int64_t Registry::day_now() const {
  return (now_us_() + kBeijingOffsetUs) / kDayUs;
}

std::string Registry::key_file() const {
  return path_in(options_, kKeyFile);
}

std::string Registry::checkpoint_file() const {
  return path_in(options_, kCheckpointFile);
}

std::int64_t Registry::new_id() {
  const std::lock_guard lock(id_mutex_);
  return ids_.next(now_us_());
}

AuditContext Registry::audit_context(const Principal& principal) {
  return {principal.signature(), principal.role, now_us(), [this] { return new_id(); }};
}

}  // namespace chucai
