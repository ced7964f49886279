// Which encoding a text file is in, and its text as UTF-8. The decision is made over the whole
// file: many GB 18030 cells (女, 硕士) happen to be valid UTF-8 too, so a prefix or a cell proves
// nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::importers {

enum class Encoding { Utf8, Utf16Le, Utf16Be, Gb18030 };

struct TextFormat {
  Encoding encoding = Encoding::Utf8;
  std::size_t bom_bytes = 0;  ///< to skip at the start
};

/// Decides, in this order: byte order mark, NUL pattern of UTF-16, strict UTF-8 over the whole
/// file, strict GB 18030 over the whole file. A small file whose non-ASCII is only two-byte UTF-8
/// and that reads as Han text in GB 18030 is GB 18030. O(file), 64 KiB of memory.
/// Errors: InvalidArgument import.file.encoding; those of InputFile.
Result<TextFormat> detect_encoding(const std::filesystem::path& path);

/// Pushes the text as UTF-8 in blocks that never cut a character.
/// Errors: InvalidArgument import.file.encoding; those of InputFile; the first one of `take`.
Done decode_file(const std::filesystem::path& path, TextFormat format,
                 const std::function<Done(std::string_view)>& take);

/// One strict conversion to UTF-8, fed in pieces of any size.
class Decoder {
 public:
  /// `charset` as iconv calls it: "GB18030", "CP1252".
  explicit Decoder(const char* charset);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  /// Appends what `bytes` (behind those left from before) means to `out`; false when malformed or
  /// when there is no such charset.
  bool feed(std::string_view bytes, std::string& out);
  /// No unfinished character is left.
  bool complete() const { return rest_.empty(); }

 private:
  bool check(std::string_view bytes, std::string& out);

  bool is_utf8_;  ///< nothing to convert
  void* handle_;  ///< of iconv
  std::string rest_;
};

}  // namespace chucai::importers
