#include "importers/normalise.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "importers/number_format.h"
#include "registry/domain/identity.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kTitleScheme = "title_name";
constexpr std::string_view kMiddleDot = "·";
constexpr std::size_t kDoubleDigits = 15;      // decimal digits that a double surely keeps
constexpr int kYearsAhead = 10;                // a deadline written 28.7 is not in 1928
constexpr std::int64_t kFirstSerial = 10'000;  // 1927-05-18: smaller numbers are not dates
constexpr std::int64_t kLastSerial = 80'000;   // 2119-01-11

Finding info(std::string reason) {
  return {std::move(reason), Severity::Info, {}};
}
Finding warning(std::string reason) {
  return {std::move(reason), Severity::Warning, {}};
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> whole(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

/// 4.2E+17: a spreadsheet showed the number so and the file holds no more digits. A passport like
/// G1E234567 is none: behind its E stands neither a sign nor a short exponent.
bool has_exponent(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0 || e + 1 >= text.size()) return false;
  const bool digits_before =
      text.substr(0, e).find_first_not_of("0123456789.") == std::string_view::npos;
  const std::string_view exponent = text.substr(e + 1);
  const bool is_signed = exponent[0] == '+' || exponent[0] == '-';
  return digits_before && (is_signed || (exponent.size() <= 3 && all_digits(exponent)));
}

bool is_line_break(char32_t c) {
  return c == U'\n' || c == U'\r';
}

std::vector<char32_t> code_points_of(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t at = 0; at < text.size();) points.push_back(next_code_point(text, at));
  return points;
}

/// Line breaks between two Han characters dropped; others are left for tidy() to make blanks.
std::string without_line_breaks(std::string_view raw) {
  const std::vector<char32_t> points = code_points_of(raw);
  std::string out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::size_t end = i;
    while (end < points.size() && is_line_break(points[end])) ++end;
    const bool closes_up =
        end > i && i > 0 && end < points.size() && is_han(points[i - 1]) && is_han(points[end]);
    if (closes_up) i = end;
    append_code_point(out, points[i]);
  }
  return out;
}

std::string without_apostrophe(std::string text) {
  if (text.size() > 1 && text.front() == '\'') text.erase(0, 1);
  return text;
}

/// Blanks between two Han characters dropped.
std::string without_han_blanks(std::string_view tidied) {
  const std::vector<char32_t> points = code_points_of(tidied);
  std::string out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool between = points[i] == U' ' && i > 0 && i + 1 < points.size() &&
                         is_han(points[i - 1]) && is_han(points[i + 1]);
    if (!between) append_code_point(out, points[i]);
  }
  return out;
}

bool is_middle_dot(char32_t c) {
  return c == 0xB7 || c == 0x2022 || c == 0x30FB || c == 0x2027 || c == 0x2219 || c == 0x22C5 ||
         c == 0xFF65;
}

/// A name in Han characters and middle dots only, blanks aside.
bool is_han_name(const std::vector<char32_t>& points) {
  return std::all_of(points.begin(), points.end(),
                     [](char32_t c) { return is_han(c) || is_middle_dot(c) || c == U' '; });
}

// ---- dates

/// The digit groups of a date and the marks between them.
struct DateParts {
  std::vector<std::string> groups;
  std::string marks;  // one of . - / per gap; 年 月 日 count as -
};

std::optional<DateParts> split_date(std::string_view text) {
  DateParts parts;
  bool in_group = false;
  for (const char32_t c : code_points_of(text)) {
    if (c >= U'0' && c <= U'9') {
      if (!in_group) parts.groups.emplace_back();
      parts.groups.back() += static_cast<char>(c);
      in_group = true;
      continue;
    }
    const bool mark = c == U'.' || c == U'-' || c == U'/' || c == U'年' || c == U'月' ||
                      c == U'日' || c == U'号' || c == U' ' || c == U'、' || c == U'。';
    if (!mark || parts.groups.empty()) return std::nullopt;
    if (in_group) parts.marks += c == U'.' ? '.' : '-';
    in_group = false;
  }
  return parts.groups.empty() ? std::nullopt : std::optional(parts);
}

Date make_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (year > 9999 || month > 12 || day > 31) return {};
  return Date{static_cast<std::int16_t>(year), static_cast<std::int8_t>(month),
              static_cast<std::int8_t>(day)};
}

std::int64_t full_year(std::string_view digits, const DateContext& context) {
  const std::int64_t year = whole(digits).value_or(0);
  if (digits.size() != 2) return year;
  const std::int64_t latest = context.today.year + (context.birth ? 0 : kYearsAhead);
  return year + 2000 <= latest ? year + 2000 : year + 1900;
}

bool plausible_year(std::int64_t year) {
  return year >= 1900 && year <= 2100;
}

/// One run of digits: 19850307, 198503, 850307, 31113, 1985.
Date date_of_digits(const std::string& digits, const DateContext& context) {
  const auto part = [&](std::size_t at, std::size_t size) {
    return whole(std::string_view(digits).substr(at, size)).value_or(0);
  };
  switch (digits.size()) {
    case 8:
      return make_date(part(0, 4), part(4, 2), part(6, 2));
    case 6:
      return plausible_year(part(0, 4))
                 ? make_date(part(0, 4), part(4, 2), 0)
                 : make_date(full_year(digits.substr(0, 2), context), part(2, 2), part(4, 2));
    case 5: {
      const std::int64_t serial = part(0, 5);
      if (serial < kFirstSerial || serial > kLastSerial) return {};
      return parse_date(date_text(static_cast<double>(serial), false)).value_or(Date{});
    }
    case 4:
      return make_date(part(0, 4), 0, 0);
    default:
      return {};
  }
}

WrittenDate date_of_parts(const DateParts& parts, const Cell& cell, const DateContext& context) {
  const auto& groups = parts.groups;
  if (groups.size() == 1) return {date_of_digits(groups[0], context), false};
  if (groups.size() > 3 || (groups[0].size() != 4 && groups[0].size() != 2)) return {};
  const std::int64_t year = full_year(groups[0], context);
  const std::int64_t month = whole(groups[1]).value_or(0);
  if (groups[1].size() > 2 || month == 0) return {};
  if (groups.size() == 3) {
    const std::int64_t day = whole(groups[2]).value_or(0);
    return {groups[2].size() > 2 || day == 0 ? Date{} : make_date(year, month, day), false};
  }
  // A number cell loses the nought of .10 unless its format kept two decimals.
  const bool lost_nought = parts.marks[0] == '.' && groups[1] == "1";
  if (lost_nought && cell.decimals == 2) return {make_date(year, 10, 0), false};
  if (lost_nought) return {make_date(year, 0, 0), true};
  return {make_date(year, month, 0), false};
}

std::string_view without_time(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  const std::size_t blank = text.find_last_of(" T", colon);
  return blank == std::string_view::npos ? text : text.substr(0, blank);
}

/// What a date may not be: no such day, or a birth that is still to come.
bool unusable(Date date, const DateContext& context) {
  if (!is_real(date) || !plausible_year(date.year)) return true;
  return context.birth && context.today && first_day(date) > first_day(context.today);
}

// ---- numbers

/// Digits, sign and point of "1,200.50万元"; the rest must be one of the units.
std::optional<std::string> number_with_unit(std::string_view raw,
                                            std::initializer_list<std::string_view> units) {
  std::string text = fold(without_apostrophe(std::string(raw)));
  std::erase(text, ',');
  const std::size_t end = text.find_first_not_of("0123456789.-");
  const std::string unit = end == std::string::npos ? std::string() : text.substr(end);
  if (!unit.empty() && std::find(units.begin(), units.end(), unit) == units.end()) {
    return std::nullopt;
  }
  return text.substr(0, end);
}

std::optional<Finding> rewritten(bool is, std::string reason) {
  return is ? std::optional(info(std::move(reason))) : std::nullopt;
}

/// True when the text can be a phone number alone: enough digits, and nothing that is none.
bool is_phone_like(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (std::string_view("+-() ").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return digits >= 7;
}

/// The numbers of a cell that holds several (027-87654321/13900000000); else one part at most.
std::vector<std::string> phones_in(std::string_view raw) {
  std::vector<std::string> parts = split_list(raw);
  if (parts.size() == 1 && code_points(parts.front()) >= 22) {
    std::vector<std::string> words;  // two mobile numbers with a blank between
    for (std::string_view rest = parts.front(); !rest.empty();) {
      const std::size_t blank = std::min(rest.find(' '), rest.size());
      words.emplace_back(rest.substr(0, blank));
      rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    parts = std::move(words);
  }
  const bool all = std::all_of(parts.begin(), parts.end(), is_phone_like);
  return all ? parts : std::vector<std::string>{};
}

/// 张三、李四: every part is a Han name.
bool holds_several_names(std::string_view text) {
  const std::vector<std::string> parts = split_list(text);
  return parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           const auto points = code_points_of(part);
           return points.size() >= 2 && points.size() <= 4 && is_han_name(points);
         });
}

}  // namespace

std::string_view to_text(Severity severity) {
  static constexpr std::array<std::string_view, 4> kNames = {"info", "notice", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

Understood<std::string> read_text(std::string_view raw) {
  if (raw.find_first_of("\r\n") == std::string_view::npos) {
    return {without_apostrophe(tidy(raw)), std::nullopt};
  }
  const std::string closed_up = without_line_breaks(raw);
  const bool broken = tidy(closed_up) != tidy(raw);
  return {without_apostrophe(tidy(closed_up)), rewritten(broken, "text.line_break")};
}

bool is_placeholder(std::string_view tidied) {
  static constexpr std::array<std::string_view, 9> kPlaceholders = {"-",  "--", "—",    "——", "/",
                                                                    "／", "无", "暂无", "n/a"};
  const std::string folded = fold(tidied);
  if (folded.empty()) return true;
  return std::find(kPlaceholders.begin(), kPlaceholders.end(), folded) != kPlaceholders.end();
}

Understood<std::string> read_name(std::string_view raw) {
  const std::string text = read_text(raw).value;
  if (holds_several_names(text)) return {text, warning("name.several")};
  const std::vector<char32_t> points = code_points_of(text);
  const bool han = is_han_name(points);
  std::string name;
  bool changed = false;
  for (const char32_t c : points) {
    const bool drop = han && c == U' ';
    const bool dot = is_middle_dot(c);
    changed = changed || drop || (dot && c != U'·');
    if (drop) continue;
    if (dot) {
      name += kMiddleDot;
    } else {
      append_code_point(name, c);
    }
  }
  return {name, rewritten(changed, "name.rewritten")};
}

Understood<std::string> read_employer(std::string_view raw) {
  Understood<std::string> text = read_text(raw);
  if (is_placeholder(text.value)) return {};
  const std::string name = without_han_blanks(text.value);
  if (name == text.value) return text;
  return {name, info("name.rewritten")};
}

Understood<WrittenDate> read_date(const Cell& cell, const DateContext& context) {
  const std::string text = fold(without_time(read_text(cell.text).value));
  if (is_placeholder(text) || text == "至今") return {};
  const auto parts = split_date(text);
  const WrittenDate written = parts ? date_of_parts(*parts, cell, context) : WrittenDate{};
  if (unusable(written.date, context)) return {{}, warning("date.unreadable")};
  if (written.ambiguous) return {written, warning("date.ambiguous")};
  const bool as_kept = cell.kind == CellKind::Date || tidy(cell.text) == to_text(written.date);
  return {written, rewritten(!as_kept, "date.rewritten")};
}

Understood<std::string> read_phone(const Cell& cell) {
  const std::string text = read_text(cell.text).value;
  if (is_placeholder(text)) return {};
  if (has_exponent(text)) return {{}, warning("phone.damaged")};
  if (const auto parts = phones_in(cell.text); parts.size() > 1) {
    return {read_phone({cell.column, CellKind::Text, -1, parts.front()}).value,
            info("cell.several")};
  }
  std::string digits;
  for (const char c : normalise_space(text)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.starts_with("0086")) digits.erase(0, 4);
  if (digits.size() == 13 && digits.starts_with("86")) digits.erase(0, 2);
  const bool mobile = digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
  if (mobile) return {digits, rewritten(fold(text) != digits, "phone.rewritten")};
  const bool possible = digits.size() >= 7 && digits.size() != 10;
  if (possible) return {text, std::nullopt};
  return {text, warning("phone.form")};
}

Understood<std::string> read_identity(const Cell& cell, std::string_view id_type) {
  const std::string text = normalise_space(cell.text);
  if (is_placeholder(text)) return {};
  const bool too_long = cell.kind == CellKind::Number && text.size() > kDoubleDigits;
  if (too_long || has_exponent(text)) return {{}, warning("person.id_no.damaged")};
  const auto checked = check_identity(id_type, text);
  if (!checked) return {{}, warning(checked.error().problem.reason)};
  return {checked->number, rewritten(checked->number != text, "person.id_no.rewritten")};
}

Understood<std::string> read_uscc(const Cell& cell) {
  const std::string text = without_apostrophe(normalise_space(cell.text));
  if (is_placeholder(text)) return {};
  const auto checked = check_uscc(text);
  if (!checked) return {{}, warning(checked.error().problem.reason)};
  return {*checked, std::nullopt};
}

Understood<std::optional<std::int64_t>> read_integer(std::string_view raw) {
  const std::string text = read_text(raw).value;
  if (is_placeholder(text)) return {};
  auto digits =
      number_with_unit(text, {"人", "名", "位", "个", "天", "日", "年", "次", "届", "家"});
  if (digits && digits->ends_with(".0")) digits->resize(digits->size() - 2);
  const auto value = digits ? whole(*digits) : std::nullopt;
  if (!value) return {std::nullopt, warning("number.unreadable")};
  return {value, rewritten(fold(text) != *digits, "number.rewritten")};
}

std::vector<std::string> read_list(std::string_view raw) {
  static constexpr std::array<std::string_view, 6> kMarks = {"、", "；", ";", "，", ",", "\n"};
  const auto mark = std::find_if(kMarks.begin(), kMarks.end(), [&](std::string_view candidate) {
    return raw.find(candidate) != std::string_view::npos;
  });
  std::vector<std::string> parts;
  while (!raw.empty()) {
    const std::size_t end =
        mark == kMarks.end() ? raw.size() : std::min(raw.find(*mark), raw.size());
    std::string part = read_text(raw.substr(0, end)).value;
    if (!part.empty()) parts.push_back(std::move(part));
    raw.remove_prefix(end == raw.size() ? end : end + mark->size());
  }
  return parts;
}

Understood<std::optional<std::int64_t>> read_money(std::string_view raw,
                                                   std::int64_t fen_per_unit) {
  const std::string text = read_text(raw).value;
  if (is_placeholder(text)) return {};
  const auto digits = number_with_unit(text, {"万元", "万", "元"});
  // A unit that is written beats the one of the column.
  const std::string folded = fold(text);
  const bool in_ten_thousands = folded.ends_with("万元") || folded.ends_with("万");
  const bool in_yuan = folded.ends_with("元") && !in_ten_thousands;
  const std::int64_t unit = in_ten_thousands ? 1'000'000 : in_yuan ? 100 : fen_per_unit;
  const std::size_t point = digits ? digits->find('.') : std::string::npos;
  const auto before = digits ? whole(std::string_view(*digits).substr(0, point)) : std::nullopt;
  std::string decimals = point == std::string::npos ? "" : digits->substr(point + 1);
  while (decimals.ends_with('0')) decimals.pop_back();
  constexpr std::int64_t kMostUnits = 1'000'000'000'000;
  if (!before || *before < 0 || *before > kMostUnits || decimals.size() > 9 ||
      !(decimals.empty() || all_digits(decimals))) {
    return {std::nullopt, warning("number.unreadable")};
  }
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < decimals.size(); ++i) scale *= 10;
  const std::int64_t part = decimals.empty() ? 0 : *whole(decimals);
  if (part * unit % scale != 0) return {std::nullopt, warning("number.unreadable")};
  return {*before * unit + part * unit / scale, rewritten(folded != *digits, "number.rewritten")};
}

const Term* only_term(const CodeBook& codes, std::string_view scheme, std::string_view name) {
  const std::vector<const Term*> found = codes.named(scheme, name);
  const Term* deepest = nullptr;
  for (const Term* term : found) {
    if (deepest == nullptr || term->level > deepest->level) deepest = term;
  }
  if (deepest == nullptr || found.size() == 1) return deepest;
  const std::vector<const Term*> line = codes.chain(scheme, deepest->code);
  const bool one_line = std::all_of(found.begin(), found.end(), [&](const Term* term) {
    return std::find(line.begin(), line.end(), term) != line.end();
  });
  return one_line ? deepest : nullptr;
}

Understood<std::string> read_term(const CodeBook& codes, std::string_view scheme,
                                  std::string_view raw) {
  const std::string text = read_text(raw).value;
  if (is_placeholder(text)) return {};
  const std::vector<const Term*> found = codes.named(scheme, text);
  if (found.empty()) return {{}, warning("code.unknown")};
  const Term* term = found.front();
  const bool certain = found.size() == 1 || fold(term->code) == fold(text) ||
                       only_term(codes, scheme, text) != nullptr ||
                       fold(term->shown()) == fold(text) || fold(term->name) == fold(text);
  if (!certain) return {{}, warning("code.ambiguous")};
  const bool official = fold(term->shown()) == fold(text) || fold(term->name) == fold(text);
  return {term->code, rewritten(!official, "code.rewritten")};
}

Understood<std::string> read_title(const CodeBook& codes, std::string_view raw) {
  const std::string text = read_text(raw).value;
  if (is_placeholder(text)) return {};
  const auto known = [&](std::string_view part) -> const Term* {
    const auto found = codes.named(kTitleScheme, part);
    return found.empty() ? nullptr : found.front();
  };
  if (const Term* term = known(text)) {
    const bool official = fold(term->name) == fold(text);
    return {official ? text : term->name, rewritten(!official, "title.rewritten")};
  }
  const std::vector<std::string> parts = split_list(text);
  for (const std::string& part : parts) {
    if (const Term* term = known(part)) {
      return {term->name, info(parts.size() > 1 ? "cell.several" : "title.rewritten")};
    }
  }
  return {text, std::nullopt};
}

Understood<std::string> read_email(std::string_view raw) {
  const std::string text = read_text(raw).value;
  if (is_placeholder(text)) return {};
  const std::vector<std::string> parts = split_list(raw);
  const bool all = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.find('@') != std::string::npos;
  });
  if (parts.size() > 1 && all) return {tidy(parts.front()), info("cell.several")};
  return {text, std::nullopt};
}

}  // namespace chucai::importers
