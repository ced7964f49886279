// Files of documents. The bytes lie under their SHA-256 digest in `documents/` of the data folder,
// written before the row that names them, so that a row never names a file that is not there. A
// document keeps every file it had; the newest one counts.
#pragma once

#include <string>
#include <string_view>

#include "registry/domain/document.h"
#include "registry/service/registry.h"

namespace chucai {

struct DocumentFile {
  std::string digest;      ///< SHA-256 in hex
  std::string media_type;  ///< told from the bytes, never from a name
  std::int64_t byte_count = 0;
};

/// Where the file with this digest lies.
std::string document_path(const std::string& data_folder, std::string_view digest);

/// The media type that the bytes show: PDF, PNG, JPEG, office packages (zip), older office files,
/// UTF-8 text; empty for anything else.
std::string_view media_type_of(std::string_view bytes);

/// Keeps a file for the document with this id or number. Errors: NotFound "record.absent";
/// InvalidArgument "document.file.empty", "document.file.type"; TooLarge "document.file.large"
/// (over 64 MiB); Unavailable "document.file.write".
Result<DocumentFile> attach_file(Registry& registry, const Principal& principal,
                                 std::string_view id_or_number, std::string_view bytes);

/// A document's newest file with its bytes, checked against their digest. Errors: NotFound
/// "record.absent", "document.file.absent"; Internal "document.file.damaged".
struct ReadFile {
  DocumentFile file;
  std::string bytes;
};
Result<ReadFile> read_file_of(Registry& registry, const Principal& principal,
                              std::string_view id_or_number);

}  // namespace chucai
