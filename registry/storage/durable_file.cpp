#include "registry/storage/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

namespace chucai {
namespace {

bool with_folder(const std::string& folder, int (*sync)(int)) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return false;
  const bool synced = sync(handle) == 0;
  ::close(handle);
  return synced;
}

}  // namespace

bool sync_folder(const std::string& folder) {
  return with_folder(folder, ::fsync);
}

bool sync_file_system(const std::string& folder) {
  return with_folder(folder, ::syncfs);
}

}  // namespace chucai
