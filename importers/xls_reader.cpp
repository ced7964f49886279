#include "importers/xls_reader.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <map>
#include <set>

#include "importers/biff_records.h"
#include "importers/compound_file.h"
#include "importers/encoding.h"
#include "importers/little_endian.h"
#include "importers/number_format.h"
#include "importers/refusals.h"
#include "importers/text_arena.h"

namespace chucai::importers {
namespace {

constexpr std::uint32_t kRows = 65'536;
constexpr std::uint16_t kBiff8 = 0x0600;
constexpr std::uint16_t kBiff5 = 0x0500;
constexpr std::string_view kPart = "Workbook";

// Records by number ([MS-XLS] 2.3).
enum Id : std::uint16_t {
  kFormula = 0x0006,
  kEof = 0x000A,
  kDateMode = 0x0022,
  kFilePass = 0x002F,
  kCodePage = 0x0042,
  kBoundSheet = 0x0085,
  kMulRk = 0x00BD,
  kRString = 0x00D6,
  kXf = 0x00E0,
  kMergeCells = 0x00E5,
  kSst = 0x00FC,
  kLabelSst = 0x00FD,
  kNumber = 0x0203,
  kLabel = 0x0204,
  kBoolErr = 0x0205,
  kString = 0x0207,
  kRow = 0x0208,
  kRk = 0x027E,
  kFormat = 0x041E,
  kBof = 0x0809,
};

/// A number in four bytes: a whole one or the upper half of a double, either over 100.
double rk_number(std::uint32_t rk) {
  const double value = (rk & 2) != 0
                           ? static_cast<double>(static_cast<std::int32_t>(rk) >> 2)
                           : std::bit_cast<double>(std::uint64_t{rk & ~std::uint32_t{3}} << 32);
  return (rk & 1) != 0 ? value / 100 : value;
}

std::string_view error_text(std::uint8_t code) {
  switch (code) {
    case 0x00:
      return "#NULL!";
    case 0x07:
      return "#DIV/0!";
    case 0x0F:
      return "#VALUE!";
    case 0x17:
      return "#REF!";
    case 0x1D:
      return "#NAME?";
    case 0x24:
      return "#NUM!";
    default:
      return "#N/A";
  }
}

const char* charset_of(std::uint16_t code_page) {
  switch (code_page) {
    case 936:
    case 54936:
      return "GB18030";
    case 950:
      return "BIG5-HKSCS";
    case 932:
      return "CP932";
    case 949:
      return "CP949";
    case 1251:
      return "CP1251";
    case 1200:
      return "UTF-16LE";
    default:
      return "CP1252";
  }
}

struct SheetPlace {
  Sheet sheet;
  std::uint64_t offset = 0;
};

/// What the cells of every sheet need to know of the workbook.
struct Globals {
  explicit Globals(const Limits& caps) : limits(caps), texts(caps.shared_strings) {}

  Limits limits;
  std::uint16_t version = kBiff8;
  bool system_1904 = false;
  const char* charset = "CP1252";
  std::vector<SheetPlace> sheets;
  std::vector<NumberFormat> formats;  // by XF
  TextArena texts;

  /// Text in the workbook's code page; what is no character becomes '?'.
  std::string from_code_page(std::string_view bytes) const {
    Decoder decoder(charset);
    std::string text;
    if (decoder.feed(bytes, text) && decoder.complete()) return text;
    text.clear();
    for (const char c : bytes) text += static_cast<unsigned char>(c) < 0x80 ? c : '?';
    return text;
  }
};

/// Reads the first substream of the workbook.
class GlobalsReader {
 public:
  GlobalsReader(BiffRecords& records, Globals& globals) : records_(records), globals_(globals) {}

  Done read() {
    if (auto done = expect_start(); !done) return done;
    for (;;) {
      const auto next = records_.next();
      if (!next) return tl::make_unexpected(next.error());
      if (!*next || records_.id() == kEof) break;
      if (auto done = take(); !done) return done;
    }
    for (const std::uint16_t format : format_of_xf_) {
      const auto custom = custom_.find(format);
      globals_.formats.push_back(custom == custom_.end() ? builtin_format(format) : custom->second);
    }
    return globals_.sheets.empty() ? damaged(kPart, "no worksheet") : Done{};
  }

 private:
  Done expect_start() {
    const auto first = records_.next();
    if (!first) return tl::make_unexpected(first.error());
    if (!*first || records_.id() != kBof) {
      return fail(ErrorCode::InvalidArgument, "import.file.xls", {}, {}, "no BOF");
    }
    globals_.version = u16(records_.body(), 0);
    if (globals_.version != kBiff8 && globals_.version != kBiff5) {
      return fail(ErrorCode::InvalidArgument, "import.file.xls", {}, {}, "BIFF version");
    }
    return {};
  }

  bool wide() const { return globals_.version == kBiff8; }

  Done take() {
    const std::string_view body = records_.body();
    switch (records_.id()) {
      case kFilePass:
        return fail(ErrorCode::InvalidArgument, "import.file.encrypted");
      case kDateMode:
        globals_.system_1904 = u16(body, 0) == 1;
        return {};
      case kCodePage:
        globals_.charset = charset_of(u16(body, 0));
        return {};
      case kXf:
        format_of_xf_.push_back(u16(body, 2));
        return {};
      case kFormat:
        return take_format();
      case kBoundSheet:
        return take_sheet();
      case kSst:
        return take_texts();
      default:
        return {};
    }
  }

  Done take_format() {
    const std::uint16_t id = u16(records_.body(), 0);
    if (!wide()) {
      custom_[id] = custom_format(globals_.from_code_page(records_.body().substr(
          std::min<std::size_t>(3, records_.body().size()), u8(records_.body(), 2))));
      return {};
    }
    ContinuedBody text(records_, 4);
    const auto code = text.text(u16(records_.body(), 2), globals_.limits.cell_bytes);
    if (!code) return tl::make_unexpected(code.error());
    custom_[id] = custom_format(*code);
    return {};
  }

  Done take_sheet() {
    const std::string_view body = records_.body();
    SheetPlace place;
    place.offset = u32(body, 0);
    place.sheet.hidden = (u8(body, 4) & 3) != 0;
    if (u8(body, 5) != 0) return {};  // a chart or a module
    const std::uint8_t characters = u8(body, 6);
    if (wide()) {
      ContinuedBody text(records_, 7);
      auto name = text.text(characters, globals_.limits.cell_bytes);
      if (!name) return tl::make_unexpected(name.error());
      place.sheet.name = std::move(*name);
    } else {
      place.sheet.name =
          globals_.from_code_page(body.substr(std::min<std::size_t>(7, body.size()), characters));
    }
    if (globals_.sheets.size() >= globals_.limits.entries) {
      return too_large("import.file.entries", globals_.limits.entries);
    }
    globals_.sheets.push_back(std::move(place));
    return {};
  }

  Done take_texts() {
    const std::uint32_t count = u32(records_.body(), 4);
    ContinuedBody body(records_, 8);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto characters = body.word();
      if (!characters) return tl::make_unexpected(characters.error());
      const auto text = body.text(*characters, globals_.limits.cell_bytes);
      if (!text) return tl::make_unexpected(text.error());
      if (auto done = globals_.texts.append(*text); !done) return done;
    }
    return {};
  }

  BiffRecords& records_;
  Globals& globals_;
  std::vector<std::uint16_t> format_of_xf_;
  std::map<std::uint16_t, NumberFormat> custom_;
};

/// What the first walk over a sheet finds out.
struct SheetFacts {
  std::bitset<kRows> hidden_rows;
  bool in_order = true;
  std::uint64_t formulas = 0;
  std::uint64_t formulas_without_text = 0;
  std::vector<MergedRange> merged;

  /// Excel saves an empty text for ="", and programs that cannot calculate save one for every
  /// formula.
  bool calculated() const { return formulas == 0 || formulas_without_text < formulas; }
};

bool is_cell(std::uint16_t id) {
  switch (id) {
    case kFormula:
    case kMulRk:
    case kRString:
    case kLabelSst:
    case kNumber:
    case kLabel:
    case kBoolErr:
    case kRk:
      return true;
    default:
      return false;
  }
}

bool result_is_special(std::string_view formula) {
  return u16(formula, 12) == 0xFFFF;
}

/// Calls `take` with each record of the sheet itself; charts embedded in it are passed over.
template <class Take>
Done walk(BiffRecords& records, std::uint64_t offset, Take take) {
  records.seek(offset);
  int depth = 0;
  for (;;) {
    const auto next = records.next();
    if (!next) return tl::make_unexpected(next.error());
    if (!*next) return damaged(kPart, "sheet without end");
    if (records.id() == kBof) {
      ++depth;
    } else if (depth == 0) {
      return damaged(kPart, "no sheet where one should start");
    } else if (records.id() == kEof) {
      if (--depth == 0) return {};
    } else if (depth == 1) {
      if (auto done = take(records.id(), records.body()); !done) return done;
    }
  }
}

Result<SheetFacts> survey(BiffRecords& records, std::uint64_t offset, const Limits& limits) {
  SheetFacts facts;
  std::uint32_t last = 0;
  const Done done = walk(records, offset, [&](std::uint16_t id, std::string_view body) -> Done {
    if (id == kRow) facts.hidden_rows[u16(body, 0)] = (u16(body, 12) & 0x20) != 0;
    if (is_cell(id)) {
      const std::uint32_t place = std::uint32_t{u16(body, 0)} << 16 | u16(body, 2);
      facts.in_order = facts.in_order && place >= last;
      last = place;
    }
    if (id == kFormula) {
      ++facts.formulas;
      const std::uint8_t type = u8(body, 6);
      facts.formulas_without_text += result_is_special(body) && type == 3 ? 1 : 0;
    }
    const std::size_t last_range = std::size_t{u16(body, 0)} * 8;
    for (std::size_t at = 2; id == kMergeCells && at + 8 <= body.size() && at <= last_range;
         at += 8) {
      facts.merged.push_back(
          {u16(body, at) + 1U, u16(body, at + 2) + 1U, u16(body, at + 4), u16(body, at + 6)});
    }
    if (facts.merged.size() > limits.rows) return too_large("import.file.cells", limits.rows);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return facts;
}

/// The second walk: cells into rows.
class SheetWalk {
 public:
  SheetWalk(BiffRecords& records, Globals& globals, const SheetFacts& facts, TableSink& sink)
      : records_(records), globals_(globals), facts_(facts), sink_(sink) {}

  Done take(std::uint16_t id, std::string_view body) {
    if (id == kString) return formula_text();
    if (!is_cell(id)) return {};
    const std::uint32_t row = u16(body, 0) + 1U;
    if (auto done = start_row(row); !done) return done;
    const std::uint32_t column = u16(body, 2);
    if (id == kMulRk) return many_numbers(column, body);
    Cell cell{column, CellKind::Text, -1, {}};
    if (auto done = read(id, body, cell); !done) return done;
    return put(std::move(cell));
  }

  Done finish() {
    if (facts_.in_order) return end_row();
    for (auto& [number, row] : out_of_order_) {
      std::stable_sort(row.cells.begin(), row.cells.end(),
                       [](const Cell& a, const Cell& b) { return a.column < b.column; });
      if (auto done = sink_.row(row); !done) return done;
    }
    return {};
  }

 private:
  Done start_row(std::uint32_t number) {
    if (number == row_->number) return {};
    if (facts_.in_order) {
      if (auto done = end_row(); !done) return done;
    } else {
      row_ = &out_of_order_[number];
    }
    row_->number = number;
    row_->hidden = facts_.hidden_rows[number - 1];
    return {};
  }

  Done end_row() {
    if (row_->cells.empty()) return {};
    const Done done = sink_.row(*row_);
    row_->cells.clear();
    return done;
  }

  Done put(Cell cell) {
    if (cell.text.empty() && cell.kind != CellKind::Formula) return {};
    if (!facts_.in_order && ++kept_cells_ > kMostKept) {
      return too_large("import.file.cells", kMostKept);
    }
    row_->cells.push_back(std::move(cell));
    return {};
  }

  Done read(std::uint16_t id, std::string_view body, Cell& cell) {
    const std::uint16_t xf = u16(body, 4);
    switch (id) {
      case kRk:
        number(cell, xf, rk_number(u32(body, 6)));
        return {};
      case kNumber:
        number(cell, xf, f64(body, 6));
        return {};
      case kFormula:
        formula(cell, xf, body);
        return {};
      case kBoolErr:
        if (u8(body, 7) != 0) {
          cell.kind = CellKind::Error;
          cell.text = error_text(u8(body, 6));
        } else {
          cell.text = u8(body, 6) != 0 ? "TRUE" : "FALSE";
        }
        return {};
      case kLabelSst:
        return shared_text(u32(body, 6), cell);
      default:
        return written_text(6, cell);
    }
  }

  void number(Cell& cell, std::uint16_t xf, double value) const {
    const NumberFormat format =
        xf < globals_.formats.size() ? globals_.formats[xf] : NumberFormat{};
    set_number(cell, value, format, globals_.system_1904);
  }

  Done many_numbers(std::uint32_t first_column, std::string_view body) {
    const std::size_t count = body.size() < 12 ? 0 : (body.size() - 6) / 6;
    for (std::size_t i = 0; i < count; ++i) {
      Cell cell{first_column + static_cast<std::uint32_t>(i), CellKind::Text, -1, {}};
      number(cell, u16(body, 4 + 6 * i), rk_number(u32(body, 6 + 6 * i)));
      if (auto done = put(std::move(cell)); !done) return done;
    }
    return {};
  }

  Done shared_text(std::uint32_t index, Cell& cell) {
    const auto text = globals_.texts.at(index);
    if (!text) return tl::make_unexpected(text.error());
    if (!*text) cell.kind = CellKind::Error;
    cell.text = *text ? std::string(**text) : "#REF!";
    return {};
  }

  void formula(Cell& cell, std::uint16_t xf, std::string_view body) {
    if (!result_is_special(body)) return number(cell, xf, f64(body, 6));
    const std::uint8_t value = u8(body, 8);
    switch (u8(body, 6)) {
      case 0:
        text_follows_ = cell.column;
        return;
      case 1:
        cell.text = value != 0 ? "TRUE" : "FALSE";
        return;
      case 2:
        cell.kind = CellKind::Error;
        cell.text = error_text(value);
        return;
      default:
        if (!facts_.calculated()) cell.kind = CellKind::Formula;
    }
  }

  /// The text of the formula before it.
  Done formula_text() {
    if (!text_follows_) return {};
    Cell cell{*text_follows_, CellKind::Text, -1, {}};
    text_follows_.reset();
    if (auto done = written_text(0, cell); !done) return done;
    return put(std::move(cell));
  }

  /// A text that stands in the record itself: its length at byte `at`, then its characters.
  Done written_text(std::size_t at, Cell& cell) {
    const std::uint16_t characters = u16(records_.body(), at);
    if (globals_.version == kBiff5) {
      const std::string_view body = records_.body();
      cell.text = globals_.from_code_page(body.substr(std::min(at + 2, body.size()), characters));
      return {};
    }
    ContinuedBody body(records_, at + 2);
    auto text = body.text(characters, globals_.limits.cell_bytes);
    if (!text) return tl::make_unexpected(text.error());
    cell.text = std::move(*text);
    return {};
  }

  static constexpr std::uint64_t kMostKept = 2'000'000;  // cells of an unordered sheet

  BiffRecords& records_;
  Globals& globals_;
  const SheetFacts& facts_;
  TableSink& sink_;
  Row current_;
  Row* row_ = &current_;
  std::map<std::uint32_t, Row> out_of_order_;
  std::uint64_t kept_cells_ = 0;
  std::optional<std::uint32_t> text_follows_;
};

class XlsReader : public TableReader {
 public:
  XlsReader(CompoundFile file, const Limits& limits) : file_(std::move(file)), globals_(limits) {}

  Done open() {
    auto stream = file_.stream(file_.has("Workbook") ? "Workbook" : "Book");
    if (!stream) return tl::make_unexpected(stream.error());
    records_.emplace(file_, std::move(*stream));
    return GlobalsReader(*records_, globals_).read();
  }

  Done read(TableSink& sink) override {
    for (const SheetPlace& place : globals_.sheets) {
      if (!sink.sheet(place.sheet)) continue;
      if (auto done = read_sheet(place.offset, sink); !done) return done;
    }
    return {};
  }

 private:
  Done read_sheet(std::uint64_t offset, TableSink& sink) {
    const auto facts = survey(*records_, offset, globals_.limits);
    if (!facts) return tl::make_unexpected(facts.error());
    SheetWalk cells(*records_, globals_, *facts, sink);
    const Done walked =
        walk(*records_, offset,
             [&](std::uint16_t id, std::string_view body) -> Done { return cells.take(id, body); });
    if (!walked) return walked;
    if (auto done = cells.finish(); !done) return done;
    for (const MergedRange& range : facts->merged) sink.merged(range);
    return {};
  }

  CompoundFile file_;
  Globals globals_;
  std::optional<BiffRecords> records_;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_xls(const std::filesystem::path& path,
                                              const Limits& limits) {
  auto file = CompoundFile::open(path, limits);
  if (!file) return tl::make_unexpected(file.error());
  auto reader = std::make_unique<XlsReader>(std::move(*file), limits);
  if (auto done = reader->open(); !done) return tl::make_unexpected(done.error());
  return reader;
}

}  // namespace chucai::importers
