// What a parsing process and the one that asked for it say to each other: frames of one letter and
// its fields, integers little-endian, texts with their length in front. The asking side believes
// nothing: whatever breaks the format or a limit ends the conversation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "importers/table.h"

namespace chucai::importers {

enum class Frame : char {
  Opened = 'O',  ///< the file is one that can be read
  Sheet = 'S',   ///< answered by Wanted or Unwanted
  Row = 'R',
  Merged = 'M',
  End = 'E',  ///< of a reading
  Failed = 'X',
  Read = 'r',  ///< asks for a reading of the whole file
  Wanted = 'y',
  Unwanted = 'n',
};

/// One end of the conversation over a socket.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket) {}

  // Writing: frames are kept back until flush() or a full buffer; false when nobody listens.
  bool put(Frame frame);
  bool put(const Sheet& sheet);
  bool put(const Row& row);
  bool put(const MergedRange& range);
  bool put(const Error& error);
  bool flush();

  // Reading: nullopt at the end of the conversation or when it breaks the format.
  std::optional<Frame> next();
  std::optional<Sheet> sheet(const Limits& limits);
  /// Fills `row`, whose memory is used again.
  bool row(const Limits& limits, Row& row);
  std::optional<MergedRange> merged();
  std::optional<Error> error();

 private:
  void integer(std::uint64_t value, std::size_t bytes);
  void text(std::string_view text);
  bool room();
  template <class T>
  bool take(T& value);
  bool take_text(std::string& text, std::size_t limit);
  bool take_bytes(std::span<char> out);

  int socket_;
  std::string out_;
  std::string in_;
  std::size_t at_ = 0;
};

}  // namespace chucai::importers
