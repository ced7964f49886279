#include "importers/table_wire.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace chucai::importers {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::size_t kMostReasonBytes = 4096;  // of one text of an error
constexpr std::uint32_t kMostParams = 16;

}  // namespace

// ---- writing

void Wire::integer(std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xFF);
}

void Wire::text(std::string_view text) {
  integer(text.size(), 4);
  out_ += text;
}

bool Wire::room() {
  return out_.size() < kBlockBytes || flush();
}

bool Wire::flush() {
  std::string_view rest = out_;
  while (!rest.empty()) {
    const ssize_t size = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  out_.clear();
  return true;
}

bool Wire::put(Frame frame) {
  out_ += static_cast<char>(frame);
  return room();
}

bool Wire::put(const Sheet& sheet) {
  out_ += static_cast<char>(Frame::Sheet);
  integer(sheet.hidden ? 1 : 0, 1);
  text(sheet.name);
  return room();
}

bool Wire::put(const Row& row) {
  out_ += static_cast<char>(Frame::Row);
  integer(row.number, 4);
  integer(row.hidden ? 1 : 0, 1);
  integer(row.cells.size(), 4);
  for (const Cell& cell : row.cells) {
    integer(cell.column, 4);
    integer(static_cast<std::uint8_t>(cell.kind), 1);
    integer(static_cast<std::uint8_t>(cell.decimals), 1);
    text(cell.text);
    if (!room()) return false;
  }
  return true;
}

bool Wire::put(const MergedRange& range) {
  out_ += static_cast<char>(Frame::Merged);
  for (const std::uint32_t value :
       {range.first_row, range.last_row, range.first_column, range.last_column}) {
    integer(value, 4);
  }
  return room();
}

bool Wire::put(const Error& error) {
  out_ += static_cast<char>(Frame::Failed);
  integer(static_cast<std::uint8_t>(error.code), 1);
  text(error.problem.reason);
  text(error.problem.where);
  text(error.cause);
  integer(error.problem.params.size(), 4);
  for (const std::string& param : error.problem.params) text(param);
  return room();
}

// ---- reading

bool Wire::take_bytes(std::span<char> out) {
  while (!out.empty()) {
    if (at_ == in_.size()) {
      in_.resize(kBlockBytes);
      at_ = 0;
      ssize_t size = 0;
      do {
        size = recv(socket_, in_.data(), in_.size(), 0);
      } while (size < 0 && errno == EINTR);
      in_.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
      if (in_.empty()) return false;
    }
    const std::size_t size = std::min(out.size(), in_.size() - at_);
    std::memcpy(out.data(), in_.data() + at_, size);
    at_ += size;
    out = out.subspan(size);
  }
  return true;
}

template <class T>
bool Wire::take(T& value) {
  char bytes[sizeof(T)];
  if (!take_bytes(bytes)) return false;
  value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 |
                           static_cast<unsigned char>(bytes[i]));
  }
  return true;
}

bool Wire::take_text(std::string& text, std::size_t limit) {
  std::uint32_t size = 0;
  if (!take(size) || size > limit) return false;
  text.resize(size);
  return take_bytes(text);
}

std::optional<Frame> Wire::next() {
  char letter = 0;
  if (!take_bytes({&letter, 1})) return std::nullopt;
  return static_cast<Frame>(letter);
}

std::optional<Sheet> Wire::sheet(const Limits& limits) {
  Sheet sheet;
  std::uint8_t hidden = 0;
  if (!take(hidden) || !take_text(sheet.name, limits.cell_bytes)) return std::nullopt;
  sheet.hidden = hidden != 0;
  return sheet;
}

bool Wire::row(const Limits& limits, Row& row) {
  std::uint8_t hidden = 0;
  std::uint32_t count = 0;
  if (!take(row.number) || !take(hidden) || !take(count) || count > limits.columns) return false;
  row.hidden = hidden != 0;
  row.cells.resize(count);
  for (Cell& cell : row.cells) {
    std::uint8_t kind = 0;
    std::uint8_t decimals = 0;
    if (!take(cell.column) || !take(kind) || !take(decimals)) return false;
    if (kind > static_cast<std::uint8_t>(CellKind::Formula)) return false;
    if (!take_text(cell.text, limits.cell_bytes * 2)) return false;
    cell.kind = static_cast<CellKind>(kind);
    cell.decimals = static_cast<std::int8_t>(decimals);
  }
  return true;
}

std::optional<MergedRange> Wire::merged() {
  MergedRange range;
  const bool whole = take(range.first_row) && take(range.last_row) && take(range.first_column) &&
                     take(range.last_column);
  return whole ? std::optional(range) : std::nullopt;
}

std::optional<Error> Wire::error() {
  Error error;
  std::uint8_t code = 0;
  std::uint32_t params = 0;
  if (!take(code) || code > static_cast<std::uint8_t>(ErrorCode::Internal)) return std::nullopt;
  error.code = static_cast<ErrorCode>(code);
  const bool whole = take_text(error.problem.reason, kMostReasonBytes) &&
                     take_text(error.problem.where, kMostReasonBytes) &&
                     take_text(error.cause, kMostReasonBytes) && take(params) &&
                     params <= kMostParams;
  if (!whole) return std::nullopt;
  error.problem.params.resize(params);
  for (std::string& param : error.problem.params) {
    if (!take_text(param, kMostReasonBytes)) return std::nullopt;
  }
  return error;
}

}  // namespace chucai::importers
