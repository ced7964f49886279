#include "registry/service/documents.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "registry/domain/text.h"
#include "registry/service/records.h"
#include "registry/storage/crypto.h"
#include "registry/storage/durable_file.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 20;
constexpr std::size_t kTextSample = 4096;
constexpr std::size_t kFanOut = 2;  // digits of the digest that name a folder

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

// Written beside its place and moved there whole; a file of the same digest is the same file.
bool store_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return true;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return false;
  std::string part = path.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(part.data());  // mode 0600
  if (descriptor < 0) return false;
  const bool written = write_all(descriptor, bytes);
  ::close(descriptor);
  if (written) std::filesystem::rename(part, path, error);
  if (!written || error) {
    std::filesystem::remove(part, error);
    return false;
  }
  return sync_folder(path.parent_path());
}

bool is_text(std::string_view bytes) {
  if (bytes.substr(0, kTextSample).find('\0') != std::string_view::npos) return false;
  return is_utf8(bytes);
}

}  // namespace

std::string document_path(const std::string& data_folder, std::string_view digest) {
  const std::filesystem::path folder = std::filesystem::path(data_folder) / "documents";
  return folder / digest.substr(0, kFanOut) / digest.substr(kFanOut);
}

std::string_view media_type_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kSignatures[] = {
      {"%PDF-"sv, "application/pdf"},
      {"\x89PNG\r\n\x1a\n"sv, "image/png"},
      {"\xff\xd8\xff"sv, "image/jpeg"},
      {"PK\x03\x04"sv, "application/zip"},
      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "application/x-ole-storage"},
  };
  for (const auto& [signature, media_type] : kSignatures) {
    if (bytes.starts_with(signature)) return media_type;
  }
  return is_text(bytes) ? "text/plain; charset=utf-8" : "";
}

Result<DocumentFile> attach_file(Registry& registry, const Principal& principal,
                                 std::string_view id_or_number, std::string_view bytes) {
  const auto document = find_record(registry, principal, type_of<Document>(), id_or_number);
  if (!document) return tl::make_unexpected(document.error());
  if (bytes.empty()) return fail(ErrorCode::InvalidArgument, "document.file.empty");
  if (bytes.size() > kLargestFile) return fail(ErrorCode::TooLarge, "document.file.large");
  const DocumentFile file{to_hex(sha256(bytes)), std::string(media_type_of(bytes)),
                          static_cast<std::int64_t>(bytes.size())};
  if (file.media_type.empty()) return fail(ErrorCode::InvalidArgument, "document.file.type");
  if (!store_bytes(document_path(registry.data_folder(), file.digest), bytes)) {
    return fail(ErrorCode::Unavailable, "document.file.write");
  }
  const std::int64_t id = (*document)->id;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    insert_document_file(
        db, registry.new_id(), id,
        {file.digest, file.media_type, file.byte_count, registry.now_us(), principal.actor});
    const AuditEntry entry{"attach", "document", id, file.digest};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return file;
}

Result<ReadFile> read_file_of(Registry& registry, const Principal& principal,
                              std::string_view id_or_number) {
  const auto document = find_record(registry, principal, type_of<Document>(), id_or_number);
  if (!document) return tl::make_unexpected(document.error());
  std::optional<StoredFile> newest;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    newest = newest_document_file(db, (*document)->id);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!newest) return fail(ErrorCode::NotFound, "document.file.absent");
  std::ifstream in(document_path(registry.data_folder(), newest->digest), std::ios::binary);
  ReadFile found{{newest->digest, newest->media_type, newest->byte_count},
                 {std::istreambuf_iterator<char>(in), {}}};
  if (to_hex(sha256(found.bytes)) != newest->digest) {
    return fail(ErrorCode::Internal, "document.file.damaged");
  }
  return found;
}

}  // namespace chucai
