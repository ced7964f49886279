#include "registry/domain/csv_text.h"

#include <algorithm>

namespace chucai {
namespace {

/// Length of the comment lines with which `text` opens.
std::size_t comment_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] == '#') {
    const std::size_t end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  return at;
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

bool CsvText::next() {
  fields_.clear();
  unescaped_.clear();
  if (malformed_ || at_ >= text_.size()) return false;
  line_ = next_line_++;
  bool more = true;
  while (more) more = at_ < text_.size() && text_[at_] == '"' ? read_quoted() : read_plain();
  return !malformed_;
}

// Reads up to the next comma (true: another field follows) or line end (false).
bool CsvText::read_plain() {
  const std::size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
  std::string_view field = text_.substr(at_, end - at_);
  const bool more = end < text_.size() && text_[end] == ',';
  if (!more && !field.empty() && field.back() == '\r') field.remove_suffix(1);
  malformed_ = field.find('"') != std::string_view::npos;
  fields_.push_back(field);
  at_ = end + 1;
  return more && !malformed_;
}

bool CsvText::read_quoted() {
  const std::size_t start = at_ + 1;
  std::size_t end = start;
  bool doubled = false;
  while (true) {
    end = text_.find('"', end);
    if (end == std::string_view::npos) {
      malformed_ = true;
      return false;
    }
    if (end + 1 >= text_.size() || text_[end + 1] != '"') break;
    doubled = true;
    end += 2;
  }
  std::string_view field = text_.substr(start, end - start);
  next_line_ += count_lines(field);
  if (doubled) {
    std::string& copy = unescaped_.emplace_back();
    for (std::size_t i = 0; i < field.size(); ++i) {
      copy += field[i];
      if (field[i] == '"') ++i;
    }
    field = copy;
  }
  fields_.push_back(field);
  at_ = end + 1;
  if (at_ < text_.size() && text_[at_] == ',') {
    ++at_;
    return true;
  }
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  malformed_ = at_ < text_.size() && text_[at_] != '\n';
  ++at_;
  return false;
}

CsvTable::CsvTable(const EmbeddedFile& file)
    : name_(file.name),
      text_(file.text),
      comment_lines_(count_lines(file.text.substr(0, comment_length(file.text)))),
      rows_(file.text.substr(comment_length(file.text))) {
  sound_ = rows_.next();
  header_.assign(rows_.fields().begin(), rows_.fields().end());
}

std::size_t CsvTable::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  return found == header_.end() ? kNoColumn : static_cast<std::size_t>(found - header_.begin());
}

bool CsvTable::next() {
  if (!sound_ || !rows_.next()) {
    sound_ = sound_ && !rows_.malformed();
    return false;
  }
  sound_ = rows_.fields().size() == header_.size();
  return sound_;
}

std::string_view CsvTable::at(std::size_t column) const {
  return column == kNoColumn ? std::string_view{} : rows_.fields()[column];
}

std::size_t CsvTable::line() const {
  return comment_lines_ + rows_.line();
}

std::size_t CsvTable::rows_at_most() const {
  return count_lines(text_);
}

tl::unexpected<Error> CsvTable::malformed() const {
  return fail(ErrorCode::Internal, "codes.malformed", {},
              {std::string(name_), std::to_string(line())});
}

Done CsvTable::finish() const {
  if (!sound_) return malformed();
  return {};
}

}  // namespace chucai
