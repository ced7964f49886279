// The record stream of binary workbooks ([MS-XLS] 2.1.4): number, length, body, one after another;
// a body that is too long for one record goes on in CONTINUE records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "importers/compound_file.h"

namespace chucai::importers {

class BiffRecords {
 public:
  /// `file` must outlive the object.
  BiffRecords(const CompoundFile& file, CompoundFile::Stream stream)
      : file_(file), stream_(std::move(stream)) {}

  /// Goes to the next record; false at the end of the stream. A record cut off by the end of the
  /// stream counts as the end only when nothing but zeros follow.
  /// Errors: import.file.damaged.
  Result<bool> next();
  std::uint16_t id() const { return id_; }
  /// The body, valid until the next call of next().
  std::string_view body() const { return body_; }
  /// The record that starts at byte `offset` is the next.
  void seek(std::uint64_t offset);

 private:
  Result<std::string_view> peek(std::size_t size);

  const CompoundFile& file_;
  CompoundFile::Stream stream_;
  std::string window_;
  std::size_t at_ = 0;         // in the window
  std::uint64_t read_to_ = 0;  // of the stream
  std::uint16_t id_ = 0;
  std::string_view body_;
};

/// A body and its CONTINUE records as one row of bytes. Running off the end is
/// import.file.damaged.
class ContinuedBody {
 public:
  /// Starts at byte `at` of the current record's body.
  ContinuedBody(BiffRecords& records, std::size_t at) : records_(records), at_(at) {}

  Result<std::uint8_t> byte();
  Result<std::uint16_t> word();
  Result<std::uint32_t> double_word();
  Done skip(std::uint64_t size);
  /// A Unicode string of `characters` with its flags, formatting runs and phonetic data. Where its
  /// characters go on in another record, that begins with a flag of its own.
  Result<std::string> text(std::uint32_t characters, std::size_t limit);

 private:
  Done more();
  template <class T>
  Result<T> integer();
  Done characters(std::uint32_t count, bool wide, std::u16string& out);

  BiffRecords& records_;
  std::size_t at_;
};

/// UTF-16 as UTF-8; what is no character becomes U+FFFD.
std::string utf8_of(std::u16string_view text);

}  // namespace chucai::importers
