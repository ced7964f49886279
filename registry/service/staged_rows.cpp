#include "registry/service/staged_rows.h"

#include <algorithm>

#include "registry/storage/record_store.h"

namespace chucai {
namespace {

void put(std::string& out, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>(bits >> shift & 0xFF);
}

// Most fields of a row are empty: lengths take seven bits a byte.
void put(std::string& out, std::string_view text) {
  std::size_t size = text.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>((size & 0x7F) | 0x80);
  out += static_cast<char>(size);
  out += text;
}

/// Reads what put() wrote; broken from the first thing that is not there.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  std::int64_t number() {
    const std::string_view bytes = take(8);
    std::uint64_t bits = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
      bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return static_cast<std::int64_t>(bits);
  }
  std::string text() {
    std::size_t size = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const std::string_view byte = take(1);
      const auto bits = static_cast<std::size_t>(byte.empty() ? 0 : byte[0] & 0xFF);
      size |= (bits & 0x7F) << shift;
      if (bits < 0x80) break;
    }
    return std::string(take(size));
  }
  bool broken() const { return broken_; }
  bool ended() const { return left_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (broken_ || size > left_.size()) {
      broken_ = true;
      return {};
    }
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  bool broken_ = false;
};

void put_record(std::string& out, const RecordType& type, const Record& record) {
  for (const std::int64_t number :
       {record.id, record.version, record.created_at, record.updated_at, record.batch}) {
    put(out, number);
  }
  put(out, record.office);
  put(out, pack_map(record.extra));
  for (const Field& field : type.fields) put(out, pack_value(field.get(record)));
}

std::unique_ptr<Record> read_record(Reader& in, const RecordType& type) {
  auto record = type.make();
  for (std::int64_t* number :
       {&record->id, &record->version, &record->created_at, &record->updated_at, &record->batch}) {
    *number = in.number();
  }
  record->office = in.text();
  record->extra = unpack_map(in.text());
  for (const Field& field : type.fields) {
    const std::string packed = in.text();
    if (!packed.empty() && !in.broken()) field.set(*record, unpack_value(field, packed));
  }
  return record;
}

// The names of the fields, so that bytes of a version with other fields are not misread.
std::string field_names(const RecordType& type) {
  std::string names;
  for (const Field& field : type.fields) names.append(field.name) += ' ';
  return names;
}

}  // namespace

RowPacker::RowPacker(const RecordType& type) : type_(type) {
  put(bytes_, type.name);
  put(bytes_, field_names(type));
}

void RowPacker::add(const StagedRow& row) {
  put(bytes_, row.row);
  put_record(bytes_, type_, *row.record);
  ++rows_;
}

Result<UnpackedRows> unpack_rows(std::string_view bytes) {
  Reader in(bytes);
  UnpackedRows unpacked{record_type(in.text()), {}};
  const auto unreadable = fail(ErrorCode::FailedPrecondition, "import.stage.unreadable");
  if (!unpacked.type || in.text() != field_names(*unpacked.type)) return unreadable;
  while (!in.ended() && !in.broken()) {
    StagedRow staged{in.number(), read_record(in, *unpacked.type)};
    unpacked.rows.push_back(std::move(staged));
  }
  if (in.broken()) return unreadable;
  return unpacked;
}

}  // namespace chucai
