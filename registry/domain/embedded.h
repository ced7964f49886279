// Files compiled into the binary by registry/cmake/embed_files.cmake.
#pragma once

#include <span>
#include <string_view>

namespace chucai {

struct EmbeddedFile {
  std::string_view name;  ///< path inside registry/codes or registry/migrations
  std::string_view text;
};

/// The file called `name`, or null.
inline const EmbeddedFile* find_file(std::span<const EmbeddedFile> files, std::string_view name) {
  for (const EmbeddedFile& file : files) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

/// registry/codes/*.csv
std::span<const EmbeddedFile> embedded_codes();
/// registry/migrations/{sqlite,mariadb}/*.sql
std::span<const EmbeddedFile> embedded_migrations();

}  // namespace chucai
