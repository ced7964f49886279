#include "registry/service/backup.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>

#include "registry/storage/archive.h"
#include "registry/storage/migrations.h"
#include "registry/storage/table_dump.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBytesAtOnce = std::size_t{1} << 20;
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

std::vector<fs::path> kept_files(const fs::path& folder, std::span<const std::string_view> names) {
  std::vector<fs::path> files;
  for (const std::string_view name : names) {
    if (fs::is_regular_file(folder / name)) files.push_back(folder / name);
    if (!fs::is_directory(folder / name)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder / name)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
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
  Restorer(Database& database, fs::path folder) : loader_(database), folder_(std::move(folder)) {}

  Done run(const std::string& file) {
    auto archive = ArchiveReader::open(file);
    if (!archive) return tl::make_unexpected(archive.error());
    if (const Done begun = loader_.begin(); !begun) return begun;
    while (true) {
      const auto frame = archive->next();
      if (!frame) return tl::make_unexpected(frame.error());
      if (frame->kind == FrameKind::End) break;
      if (const Done taken = take(*frame); !taken) return taken;
    }
    out_.close();
    return loader_.finish();
  }

 private:
  Done take(const Frame& frame) {
    switch (frame.kind) {
      case FrameKind::Table:
        return loader_.table(frame.content);
      case FrameKind::Rows:
        return loader_.rows(frame.content);
      case FrameKind::File:
        return open(frame.content);
      case FrameKind::Bytes:
        out_.write(frame.content.data(), static_cast<std::streamsize>(frame.content.size()));
        if (!out_) return fail(ErrorCode::InvalidArgument, "backup.write", path_.string());
        return {};
      case FrameKind::Manifest:
      case FrameKind::End:
        return {};
    }
    return fail(ErrorCode::InvalidArgument, "backup.format", "file");
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
    path_ = folder_ / relative;
    std::error_code error;
    fs::create_directories(path_.parent_path(), error);
    out_.close();
    out_.clear();
    out_.open(path_, std::ios::binary | std::ios::trunc);
    if (!out_) return fail(ErrorCode::InvalidArgument, "backup.write", path_.string());
    return {};
  }

  TableLoader loader_;
  fs::path folder_;
  fs::path path_;
  std::ofstream out_;
};

Done check_key(const RegistryOptions& options, const Lines& manifest) {
  const std::string path = master_key_path(options);
  if (!fs::exists(path)) {
    return fail(ErrorCode::FailedPrecondition, "backup.key_needed", {}, {path});
  }
  const auto master = load_master_keys(path);
  if (!master) return tl::make_unexpected(master.error());
  const auto kept = manifest.find("key_check");
  if (kept == manifest.end() || kept->second != Vault(*master).check_value()) {
    return fail(ErrorCode::FailedPrecondition, "registry.wrong_key");
  }
  return {};
}

// Nothing in it, or what a restore that was cut off has left.
Done check_empty(Database& database) {
  const auto schema = current_schema(database);
  if (!schema) return tl::make_unexpected(schema.error());
  if (*schema == 0) return {};
  bool is_unfinished = false;
  const Done read = database.read([&](Connection& db) -> Done {
    is_unfinished = load_setting(db, kRestoringSetting).has_value();
    return {};
  });
  if (!read || is_unfinished) return read;
  return fail(ErrorCode::FailedPrecondition, "backup.not_empty");
}

}  // namespace

Result<BackupReport> write_backup(Database& database, const std::string& data_folder,
                                  std::int64_t now_us, const std::string& file) {
  const auto schema = current_schema(database);
  if (!schema) return tl::make_unexpected(schema.error());
  Lines manifest = {{"schema", std::to_string(*schema)},
                    {"made_at", std::to_string(now_us)},
                    {"database", database.dialect() == Dialect::Sqlite ? "sqlite" : "mariadb"}};
  const Done read = database.read([&](Connection& db) -> Done {
    manifest["key_check"] = load_setting(db, kKeyCheckSetting).value_or("");
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  auto archive = ArchiveWriter::create(file);
  if (!archive) return tl::make_unexpected(archive.error());
  Done added = archive->add(FrameKind::Manifest, pack_lines(manifest));
  if (!added) return tl::make_unexpected(added.error());
  const auto first = add_files(*archive, data_folder, kReadBefore);
  if (!first) return tl::make_unexpected(first.error());
  const auto rows = dump_tables(database, *archive);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto last = add_files(*archive, data_folder, kReadAfter);
  if (!last) return tl::make_unexpected(last.error());
  const std::int64_t files = *first + *last;
  added =
      archive->add(FrameKind::End,
                   pack_lines({{"rows", std::to_string(*rows)}, {"files", std::to_string(files)}}));
  if (added) added = archive->finish();
  if (!added) return tl::make_unexpected(added.error());
  return BackupReport{*schema, now_us, *rows, files};
}

Result<BackupReport> backup_register(Registry& registry, const Principal& principal,
                                     const std::string& file) {
  const Done audited = registry.database().write([&](Connection& db) -> Done {
    const AuditEntry entry{"backup", "register", 0, {}};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!audited) return tl::make_unexpected(audited.error());
  return write_backup(registry.database(), registry.data_folder(), registry.now_us(), file);
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
  if (const Done empty = check_empty(**database); !empty) {
    return tl::make_unexpected(empty.error());
  }
  if (const auto steps = migrate_to(**database, checked->report.schema); !steps) {
    return tl::make_unexpected(steps.error());
  }
  const Done restored = Restorer(**database, options.data_folder).run(file);
  if (!restored) return tl::make_unexpected(restored.error());
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
