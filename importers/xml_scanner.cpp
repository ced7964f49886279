#include "importers/xml_scanner.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

// A text longer than this is told in pieces; a longer tag is nothing that an office program writes.
constexpr std::size_t kMostWaiting = 64 * 1024;
constexpr std::size_t kLongestEntity = 12;

enum ByteClass : std::uint8_t { kPlain, kHigh, kSpecial };

/// Special in texts: what needs a second look (& ] CR) and what XML forbids.
constexpr std::array<std::uint8_t, 256> text_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c)
    classes[c] = c < 0x20 ? kSpecial : c < 0x80 ? kPlain : kHigh;
  classes['\t'] = classes['\n'] = kPlain;
  classes['&'] = classes[']'] = kSpecial;
  return classes;
}
constexpr auto kTextClasses = text_classes();

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':' || c == '-' || c == '.';
}

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t name_size(std::string_view text) {
  if (text.empty() || !is_name_start(text.front())) return 0;
  const auto end =
      std::find_if_not(text.begin(), text.end(), [](char c) { return is_name_byte(c); });
  return static_cast<std::size_t>(end - text.begin());
}

/// Bytes of the character at `at`, 0 when it is none that XML allows.
std::size_t character_size(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    const bool no_character = first == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE;
    return follows(1) && follows(2) && !overlong && !surrogate && !no_character ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

/// Appends what the entity at the start of `text` means; its size, or 0 when it is unusual.
std::size_t decode_entity(std::string_view text, std::string& out) {
  const std::size_t end = text.substr(0, kLongestEntity).find(';');
  if (end == std::string_view::npos) return 0;
  const std::string_view name = text.substr(1, end - 1);
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNamed = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [word, character] : kNamed) {
    if (name != word) continue;
    out += character;
    return end + 1;
  }
  if (!name.starts_with('#')) return 0;
  const bool hexadecimal = name.starts_with("#x");
  const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
  std::uint32_t value = 0;
  const auto [last, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
  const bool whole = error == std::errc{} && last == digits.data() + digits.size();
  const bool character = value == '\t' || value == '\n' || value == '\r' ||
                         (value >= 0x20 && value < 0xD800) || (value >= 0xE000 && value < 0xFFFE) ||
                         (value >= 0x10000 && value < 0x110000);
  if (!whole || !character) return 0;
  append_code_point(out, value);
  return end + 1;
}

/// How much of a long text can be told without cutting a character, an entity, a line end or "]]>";
/// 0 when nothing can.
std::size_t whole_piece(std::string_view text) {
  const std::size_t tail = text.size() - kLongestEntity;
  std::size_t size = std::min(text.find_first_of("&]\r", tail), text.size());
  while (size > 0 &&
         (text[size - 1] == ']' || static_cast<unsigned char>(text[size - 1]) >= 0x80)) {
    --size;
  }
  return size;
}

}  // namespace

Done XmlScanner::Gate::start(std::string_view name, const XmlAttributes& attributes) {
  return open ? events_.start(name, attributes) : Done{};
}
Done XmlScanner::Gate::end(std::string_view name) {
  return open ? events_.end(name) : Done{};
}
Done XmlScanner::Gate::text(std::string_view text) {
  return open ? events_.text(text) : Done{};
}

XmlScanner::XmlScanner(std::string part, XmlEvents& events)
    : part_(std::move(part)), events_(events), gate_(events) {}
XmlScanner::~XmlScanner() = default;

Done XmlScanner::feed(std::string_view bytes) {
  if (parser_) return parser_->feed(bytes);
  buffer_.erase(0, at_);
  dropped_ += at_;
  at_ = 0;
  buffer_ += bytes;
  for (;;) {
    switch (step()) {
      case Step::Taken:
        continue;
      case Step::NeedsMore:
        return {};
      case Step::Failed:
        return failure_;
      case Step::Unusual:
        return hand_over();
    }
  }
}

Done XmlScanner::finish() {
  // Whatever is still open or waiting is expat's to complain about.
  if (!parser_) {
    const bool whole =
        depth_ == 0 && !root_.empty() && std::all_of(rest().begin(), rest().end(), is_space);
    if (whole) return {};
    if (auto done = hand_over(); !done) return done;
  }
  return parser_->finish();
}

Done XmlScanner::hand_over() {
  parser_ = std::make_unique<XmlParser>(part_, gate_);
  std::string context;
  if (!root_.empty()) context = "<" + root_ + "/>";
  if (depth_ == 0 && root_.empty() && dropped_ + at_ > 0)
    context = " ";  // no declaration may follow
  for (std::size_t i = 0; i < depth_; ++i) context += "<" + open_[i] + ">";
  if (auto done = parser_->feed(context); !done) return done;
  gate_.open = true;
  return parser_->feed(rest());
}

XmlScanner::Step XmlScanner::kept(const Done& done) {
  if (done) return Step::Taken;
  failure_ = done;
  return Step::Failed;
}

XmlScanner::Step XmlScanner::step() {
  if (!started_) return prologue();
  if (at_ == buffer_.size()) return Step::NeedsMore;
  return buffer_[at_] == '<' ? tag() : characters();
}

/// Exactly version 1.0, then an encoding of UTF-8 and a standalone if they are there.
bool XmlScanner::declares_utf8(std::string_view declaration) {
  if (!read_attributes(declaration)) return false;
  std::span<const XmlAttribute> left(attributes_);
  const auto next_is = [&](std::string_view name, std::string_view value, std::string_view other) {
    const bool fits = !left.empty() && left.front().name == name &&
                      (left.front().value == value || left.front().value == other);
    if (fits) left = left.subspan(1);
    return fits;
  };
  if (!next_is("version", "1.0", "1.0")) return false;
  next_is("encoding", "UTF-8", "utf-8");
  next_is("standalone", "yes", "no");
  return left.empty();
}

/// A byte order mark and a declaration of UTF-8, if any. The rest is decided by what follows.
XmlScanner::Step XmlScanner::prologue() {
  if (buffer_.size() < 9) return Step::NeedsMore;
  std::size_t begin = rest().starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::string_view head = rest().substr(begin);
  if (head.starts_with("<?xml") && head.size() > 5 && head[5] != ' ') return Step::Unusual;
  if (head.starts_with("<?xml ")) {
    const std::size_t end = buffer_.find("?>");
    if (end == std::string::npos) {
      return buffer_.size() < kMostWaiting ? Step::NeedsMore : Step::Unusual;
    }
    if (!declares_utf8(std::string_view(buffer_).substr(begin + 5, end - begin - 5))) {
      return Step::Unusual;
    }
    begin = end + 2;
  }
  at_ = begin;
  started_ = true;
  return Step::Taken;
}

XmlScanner::Step XmlScanner::tag() {
  const std::string_view text = rest();
  const std::size_t end = text.find('>');
  if (end == std::string_view::npos) {
    return text.size() < kMostWaiting ? Step::NeedsMore : Step::Unusual;
  }
  if (text.size() > 1 && text[1] == '/') {
    const Step step = end_tag(text.substr(2, end - 2));
    if (step == Step::Taken) at_ += end + 1;
    return step;
  }
  // A > inside a value is allowed, and unusual: the attributes then do not end with their quote.
  const Step step = start_tag(text.substr(0, end + 1));
  if (step == Step::Taken) at_ += end + 1;
  return step;
}

XmlScanner::Step XmlScanner::end_tag(std::string_view name) {
  while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
  if (depth_ == 0 || open_[depth_ - 1] != name) return Step::Unusual;
  if (--depth_ == 0) root_ = open_[0];
  return kept(events_.end(local_name_of(name)));
}

XmlScanner::Step XmlScanner::start_tag(std::string_view tag) {
  const std::size_t size = name_size(tag.substr(1));
  if (size == 0 || (depth_ == 0 && !root_.empty())) return Step::Unusual;
  const std::string_view name = tag.substr(1, size);
  std::string_view inside = tag.substr(1 + size, tag.size() - size - 2);
  const bool empty = inside.ends_with('/');
  if (empty) inside.remove_suffix(1);
  if (!read_attributes(inside)) return Step::Unusual;
  if (empty) {
    if (depth_ == 0) root_ = name;
    const Step step = kept(events_.start(local_name_of(name), XmlAttributes(attributes_)));
    return step == Step::Taken ? kept(events_.end(local_name_of(name))) : step;
  }
  if (open_.size() == depth_) open_.emplace_back();
  open_[depth_] = name;
  ++depth_;
  return kept(events_.start(local_name_of(name), XmlAttributes(attributes_)));
}

/// False for anything but NAME="VALUE" pairs with plain values.
bool XmlScanner::read_attributes(std::string_view text) {
  attributes_.clear();
  for (;;) {
    const std::size_t begin = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), [](char c) { return is_space(c); }) -
        text.begin());
    if (begin == text.size()) return true;
    if (begin == 0) return false;
    text.remove_prefix(begin);
    const std::size_t size = name_size(text);
    if (size == 0 || text.size() < size + 3 || text[size] != '=') return false;
    const char quote = text[size + 1];
    if (quote != '"' && quote != '\'') return false;
    const std::string_view name = text.substr(0, size);
    text.remove_prefix(size + 2);
    const std::size_t end = text.find(quote);
    if (end == std::string_view::npos) return false;
    const std::string_view value = text.substr(0, end);
    text.remove_prefix(end + 1);
    for (std::size_t i = 0; i < value.size();) {
      const char c = value[i];
      if (c == '&' || c == '<' || (c >= 0 && c < 0x20)) return false;
      const std::size_t bytes = character_size(value, i);
      if (bytes == 0) return false;
      i += bytes;
    }
    for (const XmlAttribute& other : attributes_) {
      if (other.name == name) return false;
    }
    attributes_.push_back({name, value});
  }
}

XmlScanner::Step XmlScanner::characters() {
  const std::string_view text = rest();
  const void* found = std::memchr(text.data(), '<', text.size());
  std::size_t size = text.size();
  if (found != nullptr) {
    size = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  } else {
    if (size < kMostWaiting) return Step::NeedsMore;
    size = whole_piece(text);
    if (size == 0) return Step::Unusual;
  }
  const Step step = emit(text.substr(0, size));
  if (step == Step::Taken) at_ += size;
  return step;
}

XmlScanner::Step XmlScanner::emit(std::string_view text) {
  if (depth_ == 0) {
    return std::all_of(text.begin(), text.end(), is_space) ? Step::Taken : Step::Unusual;
  }
  bool decode = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t kind = kTextClasses[static_cast<unsigned char>(text[i])];
    if (kind == kPlain) {
      ++i;
      continue;
    }
    if (kind == kHigh) {
      const std::size_t bytes = character_size(text, i);
      if (bytes == 0) return Step::Unusual;
      i += bytes;
      continue;
    }
    const bool bracket = text[i] == ']' && !text.substr(i).starts_with("]]>");
    if (text[i] != '&' && !bracket) return Step::Unusual;  // a CR is to be normalised, say
    decode = decode || !bracket;
    ++i;
  }
  if (!decode) return kept(events_.text(text));
  decoded_.clear();
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('&'), text.size());
    decoded_ += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t entity = decode_entity(text, decoded_);
    if (entity == 0) return Step::Unusual;
    text.remove_prefix(entity);
  }
  return kept(events_.text(decoded_));
}

Done parse_part(ZipPackage& package, std::string_view part, XmlEvents& events) {
  XmlScanner scanner{std::string(part), events};
  const Done read = package.read(part, [&](std::string_view bytes) { return scanner.feed(bytes); });
  return read ? scanner.finish() : read;
}

}  // namespace chucai::importers
