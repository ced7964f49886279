// A file in the register's private folder that is gone with the object: what a route makes for one
// answer.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "registry/service/registry.h"

namespace chucai {

class PassingFile {
 public:
  /// A name of its own that ends in `ending` ("csv"); the file is made by who writes it.
  PassingFile(Registry& registry, const std::string& ending)
      : path_(registry.data_folder() + "/passing-" + id_text(registry.new_id()) + "." + ending) {}
  ~PassingFile() {
    std::error_code ignored;  // the folder is private; doctor finds what is left
    std::filesystem::remove(path_, ignored);
  }
  PassingFile(const PassingFile&) = delete;
  PassingFile& operator=(const PassingFile&) = delete;

  const std::string& path() const { return path_; }
  std::string content() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string path_;
};

}  // namespace chucai
