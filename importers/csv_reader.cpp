#include "importers/csv_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "importers/refusals.h"

namespace chucai::importers {
namespace {

constexpr std::array<std::string_view, 4> kDelimiters = {",", "\t", ";", "，"};
constexpr std::size_t kSniffBytes = 64 * 1024;

/// ="420106..." is how web systems keep Excel from eating digits; what is meant is inside.
void unwrap(std::string& field) {
  if (field.size() < 3 || !field.starts_with("=\"") || field.back() != '"') return;
  field.pop_back();
  field.erase(0, 2);
}

/// Collects the first records' field counts.
class FieldCounter : public TableSink {
 public:
  bool sheet(const Sheet&) override { return true; }
  Done row(const Row& row) override {
    widths.push_back(row.cells.empty() ? 0 : row.cells.back().column + 1);
    return {};
  }
  std::vector<std::uint32_t> widths;
};

class CsvReader : public TableReader {
 public:
  CsvReader(std::filesystem::path path, TextFormat format, const Limits& limits)
      : path_(std::move(path)), format_(format), limits_(limits) {}

  Done read(TableSink& sink) override {
    if (!sink.sheet(Sheet{})) return {};
    std::string head;
    std::unique_ptr<CsvScanner> scanner;
    const auto start = [&]() -> Done {
      scanner = std::make_unique<CsvScanner>(sniff_delimiter(head), limits_, sink);
      return scanner->feed(std::exchange(head, {}));
    };
    const Done done = decode_file(path_, format_, [&](std::string_view text) -> Done {
      if (scanner) return scanner->feed(text);
      head += text;
      return head.size() < kSniffBytes ? Done{} : start();
    });
    if (!done) return done;
    if (!scanner) {
      if (auto started = start(); !started) return started;
    }
    return scanner->finish();
  }

 private:
  std::filesystem::path path_;
  TextFormat format_;
  Limits limits_;
};

}  // namespace

CsvScanner::CsvScanner(std::string delimiter, const Limits& limits, TableSink& sink)
    : delimiter_(std::move(delimiter)), limits_(limits), sink_(sink) {}

// Ordinary characters are taken a run at a time; the state machine sees only the others.
Done CsvScanner::feed(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t run = ordinary_run(text.substr(at));
    if (run > 0) {
      if (auto done = put(text.substr(at, run)); !done) return done;
      at += run;
    } else if (auto done = take(text[at++]); !done) {
      return done;
    }
  }
  return {};
}

std::size_t CsvScanner::ordinary_run(std::string_view text) const {
  if (after_return_ || (state_ != State::Plain && state_ != State::Quoted)) return 0;
  if (state_ == State::Quoted) return std::min(text.find('"'), text.size());
  const char mark = delimiter_.back();
  const auto end = std::find_if(text.begin(), text.end(),
                                [mark](char c) { return c == mark || c == '\n' || c == '\r'; });
  return static_cast<std::size_t>(end - text.begin());
}

Done CsvScanner::take(char c) {
  if (std::exchange(after_return_, false) && c == '\n') return {};
  switch (state_) {
    case State::Quoted:
      if (c == '"') {
        state_ = State::QuoteInQuoted;
        return {};
      }
      return put({&c, 1});
    case State::QuoteInQuoted:
      if (c == '"') {
        state_ = State::Quoted;
        return put({&c, 1});
      }
      state_ = State::Plain;
      break;
    case State::FieldStart:
      state_ = State::Plain;
      if (c == '"') {
        state_ = State::Quoted;
        return {};
      }
      break;
    case State::Plain:
      break;
  }
  if (c == '\n' || c == '\r') {
    after_return_ = c == '\r';
    return end_record();
  }
  return put_delimited(c);
}

Done CsvScanner::put(std::string_view text) {
  if (field_.size() + text.size() > limits_.cell_bytes) {
    return too_large("import.file.cell", limits_.cell_bytes);
  }
  field_ += text;
  return {};
}

// The full-width comma has three bytes: the delimiter is complete with its last one.
Done CsvScanner::put_delimited(char c) {
  if (c != delimiter_.back()) return put({&c, 1});
  const std::string_view before = std::string_view(delimiter_).substr(0, delimiter_.size() - 1);
  if (!field_.ends_with(before)) return put({&c, 1});
  field_.resize(field_.size() - before.size());
  return end_field();
}

Done CsvScanner::end_field() {
  if (column_ >= limits_.columns) return too_large("import.file.columns", limits_.columns);
  unwrap(field_);
  if (!field_.empty()) {
    row_.cells.push_back(Cell{column_, CellKind::Text, -1, std::move(field_)});
    field_.clear();
    if (!spare_.empty()) {
      field_ = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  ++column_;
  state_ = State::FieldStart;
  return {};
}

Done CsvScanner::end_record() {
  if (auto done = end_field(); !done) return done;
  if (++row_.number > limits_.rows) return too_large("import.file.rows", limits_.rows);
  const Done done = sink_.row(row_);
  for (Cell& cell : row_.cells) {
    cell.text.clear();
    spare_.push_back(std::move(cell.text));
  }
  row_.cells.clear();
  column_ = 0;
  return done;
}

Done CsvScanner::finish() {
  const bool pending = state_ != State::FieldStart || column_ > 0;
  return pending ? end_record() : Done{};
}

std::string sniff_delimiter(std::string_view head) {
  // Whole records only; a head without any line break is one record.
  const std::size_t last = head.find_last_of('\n');
  if (last != std::string_view::npos) head = head.substr(0, last + 1);
  std::string best = ",";
  std::uint64_t best_score = 0;
  for (const std::string_view delimiter : kDelimiters) {
    FieldCounter counter;
    CsvScanner scanner(std::string(delimiter), Limits{}, counter);
    if (!scanner.feed(head) || !scanner.finish()) continue;
    // The commonest width above one, weighted by how many records have it.
    std::uint64_t score = 0;
    for (const std::uint32_t width : counter.widths) {
      if (width < 2) continue;
      const auto same = std::count(counter.widths.begin(), counter.widths.end(), width);
      score = std::max(score, static_cast<std::uint64_t>(same) * 1000 + width);
    }
    if (score > best_score) {
      best_score = score;
      best = delimiter;
    }
  }
  return best;
}

Result<std::unique_ptr<TableReader>> open_csv(const std::filesystem::path& path,
                                              const Limits& limits) {
  const auto format = detect_encoding(path);
  if (!format) return tl::make_unexpected(format.error());
  return std::make_unique<CsvReader>(path, *format, limits);
}

}  // namespace chucai::importers
