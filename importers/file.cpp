#include "importers/file.h"

#include <sys/stat.h>
#include <unistd.h>

namespace chucai::importers {

InputFile::InputFile(std::FILE* file) : file_(file), block_(64 * 1024, '\0') {}

Result<InputFile> InputFile::open(const std::filesystem::path& path) {
  std::error_code ignored;
  std::FILE* file = std::filesystem::is_regular_file(path, ignored)
                        ? std::fopen(path.c_str(), "rb")  // NOLINT: closed by InputFile
                        : nullptr;
  if (file == nullptr) return fail(ErrorCode::NotFound, "import.file.absent");
  return InputFile(file);
}

Result<std::string_view> InputFile::next() {
  const std::size_t size = std::fread(block_.data(), 1, block_.size(), file_.get());
  if (size == 0 && std::ferror(file_.get()) != 0) {
    return fail(ErrorCode::Unavailable, "import.file.unreadable");
  }
  return std::string_view(block_.data(), size);
}

void InputFile::seek(long offset) {
  std::fseek(file_.get(), offset, SEEK_SET);
}

Result<std::size_t> InputFile::read_at(std::uint64_t offset, std::span<char> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t size = pread(fileno(file_.get()), out.data() + done, out.size() - done,
                               static_cast<off_t>(offset + done));
    if (size < 0) return fail(ErrorCode::Unavailable, "import.file.unreadable");
    if (size == 0) break;
    done += static_cast<std::size_t>(size);
  }
  return done;
}

std::uint64_t InputFile::size() const {
  struct stat status = {};
  return fstat(fileno(file_.get()), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace chucai::importers
