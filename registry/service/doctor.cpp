#include "registry/service/doctor.h"

#include <sys/stat.h>

#include <filesystem>

#include "registry/service/documents.h"
#include "registry/service/one_person.h"
#include "registry/service/readiness.h"
#include "registry/storage/health_store.h"
#include "registry/storage/search_store.h"
#include "registry/storage/table_dump.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

namespace fs = std::filesystem;
using State = HealthCheck::State;

constexpr std::uintmax_t kMegabyte = 1'000'000;
constexpr std::uintmax_t kLittleSpace = 2'000 * kMegabyte;
constexpr std::int64_t kLongFeed = 100'000;  // changes without a number: nobody follows the feed

class Examination {
 public:
  explicit Examination(const RegistryOptions& options) : options_(options) {}

  std::vector<HealthCheck> run() {
    check_mode("folder", options_.data_folder, 0700);
    check_mode("key", master_key_path(options_), 0600);
    check_space();
    if (open()) {
      check_integrity();
      check_schema();
    }
    if (is_current_) {
      check_contents();
      check_documents();
      check_writing();
    }
    return std::move(checks_);
  }

 private:
  void add(std::string name, State state, std::vector<std::string> params = {}) {
    constexpr const char* kEnding[] = {"well", "warning", "ill"};
    std::string reason = "doctor." + name + "." + kEnding[static_cast<int>(state)];
    checks_.push_back({std::move(name), state, {std::move(reason), {}, std::move(params)}});
  }

  void check_mode(const std::string& name, const std::string& path, mode_t most) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return add(name, State::Ill, {path});
    const bool is_private = (status.st_mode & 0777 & ~most) == 0;
    add(name, is_private ? State::Well : State::Warning, {path});
  }

  void check_space() {
    std::error_code error;
    const auto space = fs::space(options_.data_folder, error);
    if (error) return;
    const State state = space.available < kLeastSpace    ? State::Ill
                        : space.available < kLittleSpace ? State::Warning
                                                         : State::Well;
    add("space", state, {std::to_string(space.available / kMegabyte)});
  }

  // Opening would make a file that is not there.
  bool open() {
    if (!has_database(options_)) {
      add("database", State::Ill, {"registry.not_initialised"});
      return false;
    }
    auto opened = open_database(database_url(options_));
    if (opened) database_ = std::move(*opened);
    add("database", opened ? State::Well : State::Ill,
        {opened ? std::string() : opened.error().problem.reason});
    return opened.has_value();
  }

  void check_integrity() {
    std::string finding;
    const Done read = database_->read([&](Connection& db) -> Done {
      finding = quick_check(db);
      return {};
    });
    if (!read) finding = read.error().problem.reason;
    add("integrity", finding.empty() ? State::Well : State::Ill, {finding.substr(0, 200)});
  }

  void check_schema() {
    const auto restoring = is_restoring(*database_);
    if (restoring && *restoring) return add("restore", State::Ill);
    const auto schema = current_schema(*database_);
    is_current_ = schema && *schema == newest_schema();
    add("schema", is_current_ ? State::Well : State::Ill,
        {schema ? std::to_string(*schema) : schema.error().problem.reason,
         std::to_string(newest_schema())});
  }

  void check_contents() {
    const auto master = load_master_keys(master_key_path(options_));
    const Done read = database_->read([&](Connection& db) -> Done {
      const auto check = load_setting(db, kKeyCheckSetting);
      const auto wrap = load_setting(db, kWrapKeySetting);
      const bool fits = master && check && *check == Vault(*master).check_value() && wrap &&
                        Vault(*master).has_wrap_key(*wrap);
      add("key_fits", fits ? State::Well : State::Ill);
      if (!load_setting(db, kSearchFilledSetting)) add("search", State::Ill);
      if (!load_setting(db, kTwinsFilledSetting)) add("twins", State::Warning);
      const std::int64_t broken = broken_chain_heads(db);
      add("audit", broken == 0 ? State::Well : State::Ill, {std::to_string(broken)});
      const std::int64_t lag = unnumbered_changes(db, kLongFeed);
      add("feed", lag < kLongFeed ? State::Well : State::Warning, {std::to_string(lag)});
      return {};
    });
    if (!read) add("contents", State::Ill, {read.error().problem.reason});
  }

  void check_documents() {
    std::int64_t lost = 0;
    const Done read = database_->read([&](Connection& db) -> Done {
      for_each_document_file(db, [&](const std::string& digest, std::int64_t byte_count) {
        std::error_code error;
        const auto size = fs::file_size(document_path(options_.data_folder, digest), error);
        lost += error || static_cast<std::int64_t>(size) != byte_count;
      });
      return {};
    });
    if (read) add("documents", lost == 0 ? State::Well : State::Ill, {std::to_string(lost)});
  }

  void check_writing() {
    const Done written = try_writing(*database_, to_text(options_.today));
    add("write", written ? State::Well : State::Ill,
        {written ? std::string() : written.error().problem.reason});
  }

  const RegistryOptions& options_;
  std::unique_ptr<Database> database_;
  bool is_current_ = false;
  std::vector<HealthCheck> checks_;
};

}  // namespace

std::vector<HealthCheck> examine(const RegistryOptions& options) {
  return Examination(options).run();
}

}  // namespace chucai
