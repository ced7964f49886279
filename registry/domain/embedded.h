// Files compiled into the binary by registry/cmake/embed_files.cmake.
#pragma once

#include <span>
#include <string_view>

namespace chucai {

struct EmbeddedFile {
  std::string_view name;  ///< path relative to the folder that embeds it
  std::string_view text;
};

/// registry/codes/*.csv
std::span<const EmbeddedFile> embedded_codes();
/// registry/migrations/{sqlite,mariadb}/*.sql
std::span<const EmbeddedFile> embedded_migrations();

}  // namespace chucai
