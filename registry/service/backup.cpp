#include "registry/service/backup.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>

#include "registry/storage/archive.h"
#include "registry/storage/durable_file.h"
#include "registry/storage/record_store.h"
#include "registry/storage/search_store.h"
#include "registry/storage/table_dump.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBytesAtOnce = std::size_t{1} << 20;
constexpr int kFirstSchemaWithSettings = 2;
// Of the data folder. How far the audit chains had come is read before the rows, which then reach
// at least as far; documents are written before the rows that name them, and read after those.
constexpr std::string_view kReadBefore[] = {"audit.checkpoints"};
constexpr std::string_view kReadAfter[] = {"documents"};

using Lines = std::map<std::string, std::string>;

std::string pack_lines(const Lines& lines) {
  std::string text;
  for (const auto& [name, value] : lines) text.append(name).append("=").append(value) += '\n';
  return text;
}

Lines unpack_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      lines.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::int64_t number_in(const Lines& lines, const std::string& name) {
  std::int64_t number = 0;
  if (const auto at = lines.find(name); at != lines.end()) {
    const std::string& text = at->second;
    std::from_chars(text.data(), text.data() + text.size(), number);
  }
  return number;
}

/// A whole archive, read once.
struct Checked {
  Lines manifest;
  BackupReport report;
};

Result<Checked> check(const std::string& file) {
  auto archive = ArchiveReader::open(file);
  if (!archive) return tl::make_unexpected(archive.error());
  Checked checked;
  while (true) {
    const auto frame = archive->next();
    if (!frame) return tl::make_unexpected(frame.error());
    if (frame->kind == FrameKind::Manifest) checked.manifest = unpack_lines(frame->content);
    if (frame->kind != FrameKind::End) continue;
    const Lines totals = unpack_lines(frame->content);
    checked.report = {static_cast<int>(number_in(checked.manifest, "schema")),
                      number_in(checked.manifest, "made_at"), number_in(totals, "rows"),
                      number_in(totals, "files")};
    if (checked.report.schema == 0) {
      return fail(ErrorCode::InvalidArgument, "backup.format", file);
    }
    return checked;
  }
}

Done add_file(ArchiveWriter& archive, const fs::path& folder, const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::InvalidArgument, "backup.read", file.string());
  Done added = archive.add(FrameKind::File, fs::relative(file, folder).generic_string());
  std::string bytes(kBytesAtOnce, '\0');
  while (added && in) {
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto count = static_cast<std::size_t>(in.gcount());
    if (count > 0) added = archive.add(FrameKind::Bytes, std::string_view(bytes).substr(0, count));
  }
  return added;
}

// A document is written beside its place first, under a name with an extension.
std::vector<fs::path> kept_files(const fs::path& folder, std::span<const std::string_view> names) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const std::string_view name : names) {
    if (fs::is_regular_file(folder / name, error)) files.push_back(folder / name);
    if (!fs::is_directory(folder / name, error)) continue;
    for (fs::recursive_directory_iterator at(folder / name, error), end; at != end;
         at.increment(error)) {
      if (at->is_regular_file(error) && !at->path().has_extension()) files.push_back(at->path());
    }
  }
  return files;
}

Result<std::int64_t> add_files(ArchiveWriter& archive, const fs::path& folder,
                               std::span<const std::string_view> names) {
  std::int64_t count = 0;
  for (const fs::path& file : kept_files(folder, names)) {
    if (const Done added = add_file(archive, folder, file); !added) {
      return tl::make_unexpected(added.error());
    }
    ++count;
  }
  return count;
}

/// Puts the frames of an archive where they belong.
class Restorer {
 public:
  Restorer(TableLoader& loader, fs::path folder) : loader_(&loader), folder_(std::move(folder)) {}

  Done run(const std::string& file) {
    auto archive = ArchiveReader::open(file);
    if (!archive) return tl::make_unexpected(archive.error());
    archive_ = &*archive;
    Done done = advance();
    while (done && frame_.kind != FrameKind::End) done = take();
    if (done) done = close();
    if (!done) return done;
    if (!sync_file_system(folder_.string())) return cannot_write(folder_);
    return {};
  }

 private:
  Done advance() {
    auto frame = archive_->next();
    if (!frame) return tl::make_unexpected(frame.error());
    frame_ = std::move(*frame);
    return {};
  }

  /// Uses the frame at hand, with those that belong to it, and goes on to the one behind.
  Done take() {
    if (frame_.kind == FrameKind::Table) return load_table();
    Done taken;
    if (frame_.kind == FrameKind::File) taken = open(frame_.content);
    if (frame_.kind == FrameKind::Bytes) taken = append(frame_.content);
    if (frame_.kind == FrameKind::Rows) {
      return fail(ErrorCode::InvalidArgument, "backup.format", "file");
    }
    return taken ? advance() : taken;
  }

  Done load_table() {
    const std::string head = std::move(frame_.content);
    return loader_->load(head, [this]() -> Result<std::optional<std::string>> {
      if (const Done next = advance(); !next) return tl::make_unexpected(next.error());
      if (frame_.kind != FrameKind::Rows) return std::nullopt;
      return std::move(frame_.content);
    });
  }

  Done append(const std::string& bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return out_ ? Done() : cannot_write(path_);
  }

  Done open(const std::string& name) {
    const fs::path relative = fs::path(name).lexically_normal();
    const std::string top = relative.begin()->string();
    const auto among = [&](std::span<const std::string_view> names) {
      return std::find(names.begin(), names.end(), top) != names.end();
    };
    if (!among(kReadBefore) && !among(kReadAfter)) {
      return fail(ErrorCode::InvalidArgument, "backup.format", "file");
    }
    if (const Done closed = close(); !closed) return closed;
    path_ = folder_ / relative;
    std::error_code error;
    fs::create_directories(path_.parent_path(), error);
    out_.open(path_, std::ios::binary | std::ios::trunc);
    return out_ ? Done() : cannot_write(path_);
  }

  Done close() {
    if (!out_.is_open()) return {};
    out_.close();
    return out_ ? Done() : cannot_write(path_);
  }

  static Done cannot_write(const fs::path& path) {
    return fail(ErrorCode::InvalidArgument, "backup.write", path.string());
  }

  TableLoader* loader_;
  ArchiveReader* archive_ = nullptr;
  Frame frame_;
  fs::path folder_;
  fs::path path_;
  std::ofstream out_;
};

// Whose key sealed the data. The first schema did not note it.
Lines key_names(Connection& db, int schema) {
  if (schema < kFirstSchemaWithSettings) return {};
  return {{"key_check", load_setting(db, kKeyCheckSetting).value_or("")},
          {"wrap_key", load_setting(db, kWrapKeySetting).value_or("")}};
}

Done check_key(const RegistryOptions& options, const Lines& manifest) {
  const std::string path = master_key_path(options);
  if (!fs::exists(path)) {
    return fail(ErrorCode::FailedPrecondition, "backup.key_needed", {}, {path});
  }
  const auto master = load_master_keys(path);
  if (!master) return tl::make_unexpected(master.error());
  const Vault vault(*master);
  const auto said = [&](const char* name) {
    const auto line = manifest.find(name);
    return line == manifest.end() ? std::string() : line->second;
  };
  const std::string check = said("key_check");
  const std::string wrap = said("wrap_key");
  const bool fits =
      (check.empty() || check == vault.check_value()) && (wrap.empty() || vault.has_wrap_key(wrap));
  if (!fits) return fail(ErrorCode::FailedPrecondition, "registry.wrong_key");
  return {};
}

// While a rotation is under way some data keys stand under the old master key, some under the new.
Done check_not_rotating(const RegistryOptions& options) {
  const auto keys = load_master_keys(master_key_path(options));
  if (!keys) return tl::make_unexpected(keys.error());
  if (keys->previous) return fail(ErrorCode::FailedPrecondition, "backup.rotating");
  return {};
}

/// Rows and documents as one transaction sees them, behind the manifest.
Result<BackupReport> add_register(Connection& db, ArchiveWriter& archive,
                                  const RegistryOptions& options, BackupReport report) {
  Lines manifest = key_names(db, report.schema);
  manifest["schema"] = std::to_string(report.schema);
  manifest["made_at"] = std::to_string(report.made_at);
  Done added = archive.add(FrameKind::Manifest, pack_lines(manifest));
  if (!added) return tl::make_unexpected(added.error());
  const auto rows = dump_tables(db, archive);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto documents = add_files(archive, options.data_folder, kReadAfter);
  if (!documents) return tl::make_unexpected(documents.error());
  report.rows = *rows;
  report.files += *documents;
  added = archive.add(FrameKind::End, pack_lines({{"rows", std::to_string(report.rows)},
                                                  {"files", std::to_string(report.files)}}));
  if (!added) return tl::make_unexpected(added.error());
  return report;
}

// Nothing in it, or what a restore that was cut off has left.
Done check_empty(Database& database, const fs::path& folder) {
  const auto restoring = is_restoring(database);
  if (!restoring) return tl::make_unexpected(restoring.error());
  if (*restoring) return {};
  const auto schema = current_schema(database);
  if (!schema) return tl::make_unexpected(schema.error());
  const bool is_empty = *schema == 0 && kept_files(folder, kReadBefore).empty() &&
                        kept_files(folder, kReadAfter).empty();
  if (!is_empty) return fail(ErrorCode::FailedPrecondition, "backup.not_empty");
  return {};
}

/// Takes rows and files in, and brings the schema up to this version's.
Done fill(Database& database, const RegistryOptions& options, int schema, const std::string& file) {
  std::error_code error;  // what a restore that was cut off has left
  for (const std::string_view name : kReadBefore) {
    fs::remove(fs::path(options.data_folder) / name, error);
  }
  TableLoader loader(database);
  if (const Done begun = loader.begin(); !begun) return begun;
  if (const auto steps = migrate_to(database, schema); !steps) {
    return tl::make_unexpected(steps.error());
  }
  if (const Done taken = Restorer(loader, options.data_folder).run(file); !taken) return taken;
  if (const auto steps = migrate(database); !steps) return tl::make_unexpected(steps.error());
  const Done forgotten = database.write([](Connection& db) -> Done {
    delete_setting(db, kSearchFilledSetting);  // the search table was left out
    return {};
  });
  if (!forgotten) return forgotten;
  return loader.finish();
}

}  // namespace

Result<BackupReport> write_backup(Database& database, const RegistryOptions& options,
                                  std::int64_t now_us, const std::string& file) {
  const auto schema = current_schema(database);
  if (!schema) return tl::make_unexpected(schema.error());
  auto archive = ArchiveWriter::create(file);
  if (!archive) return tl::make_unexpected(archive.error());
  const auto first = add_files(*archive, options.data_folder, kReadBefore);
  if (!first) return tl::make_unexpected(first.error());
  Result<BackupReport> report = BackupReport{*schema, now_us, 0, *first};
  const Done written = database.read([&](Connection& db) -> Done {
    report = add_register(db, *archive, options, *report);
    if (!report) return tl::make_unexpected(report.error());
    return archive->finish();
  });
  if (!written) return tl::make_unexpected(written.error());
  return report;
}

Result<BackupReport> backup_register(Registry& registry, const Principal& principal,
                                     const std::string& file) {
  if (const Done steady = check_not_rotating(registry.options()); !steady) {
    return tl::make_unexpected(steady.error());
  }
  const Done audited = registry.database().write([&](Connection& db) -> Done {
    const AuditEntry entry{"backup", "register", 0, {}};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!audited) return tl::make_unexpected(audited.error());
  return write_backup(registry.database(), registry.options(), registry.now_us(), file);
}

Result<BackupReport> verify_backup(const std::string& file) {
  const auto checked = check(file);
  if (!checked) return tl::make_unexpected(checked.error());
  return checked->report;
}

Result<BackupReport> restore_register(const RegistryOptions& options, const Principal& principal,
                                      const std::string& file) {
  const auto checked = check(file);
  if (!checked) return tl::make_unexpected(checked.error());
  if (checked->report.schema > newest_schema()) {
    return fail(ErrorCode::FailedPrecondition, "storage.newer_schema", {},
                {std::to_string(checked->report.schema), std::to_string(newest_schema())});
  }
  if (const Done key = check_key(options, checked->manifest); !key) {
    return tl::make_unexpected(key.error());
  }
  auto database = open_database(database_url(options));
  if (!database) return tl::make_unexpected(database.error());
  if (const Done empty = check_empty(**database, options.data_folder); !empty) {
    return tl::make_unexpected(empty.error());
  }
  const Done filled = fill(**database, options, checked->report.schema, file);
  if (!filled) return tl::make_unexpected(filled.error());
  database->reset();
  const auto registry = Registry::init(options);
  if (!registry) return tl::make_unexpected(registry.error());
  const Done audited = (*registry)->database().write([&](Connection& db) -> Done {
    const AuditEntry entry{"restore", "register", 0,
                           "made_at " + std::to_string(checked->report.made_at)};
    (*registry)->audit().append(db, (*registry)->audit_context(principal), {&entry, 1});
    return {};
  });
  if (!audited) return tl::make_unexpected(audited.error());
  return checked->report;
}

}  // namespace chucai
