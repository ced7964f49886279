#include "api/handlers/terms.h"

#include <algorithm>
#include <string>
#include <vector>

#include "api/json/writer.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kTermLimit = 500;
constexpr std::size_t kFoundLimit = 50;

void write_term(JsonWriter& json, const Term& term) {
  json.begin_object()
      .field("scheme", term.scheme)
      .field("code", term.code)
      .field("name", term.shown())
      .field("name_en", term.name_en)
      .field("parent", term.parent)
      .field("level", std::int64_t{term.level})
      .field("flags", term.flags)
      .field("successor", term.successor)
      .end_object();
}

/// How well a term fits what was typed: smaller is better.
enum class Fit { Begins, Holds, No };

Fit fit_of(std::string_view text, std::string_view typed) {
  if (text.starts_with(typed)) return Fit::Begins;
  return text.find(typed) == std::string_view::npos ? Fit::No : Fit::Holds;
}

// "xuan en xian" as it is typed: xuanenxian from the start of any syllable, or xex.
Fit fit_of_sound(std::string_view sound, std::string_view typed) {
  std::string initials;
  Fit fit = Fit::No;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (sound[i] == ' ' || (i > 0 && sound[i - 1] != ' ')) continue;
    initials += sound[i];
    std::string whole(sound.substr(i));
    std::erase(whole, ' ');
    if (whole.starts_with(typed)) fit = std::min(fit, i == 0 ? Fit::Begins : Fit::Holds);
  }
  return std::min(fit, fit_of(initials, typed));
}

Fit fit_of_term(const Pinyin& pinyin, const Term& term, std::string_view typed, bool is_ascii) {
  Fit fit = fit_of(fold(term.name), typed);
  if (fit == Fit::No && !term.label.empty()) fit = fit_of(fold(term.label), typed);
  if (!is_ascii || fit == Fit::Begins) return fit;
  if (term.code.starts_with(typed)) return Fit::Begins;
  if (fit == Fit::No) fit = fit_of(fold(term.name_en), typed);
  return std::min(fit, fit_of_sound(pinyin.of(term.name), typed));
}

std::vector<const Term*> search(const CodeBook& codes, std::string_view scheme,
                                std::string_view text) {
  const std::string typed = fold(text);
  if (typed.empty()) return {};
  const bool is_ascii = std::all_of(typed.begin(), typed.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::vector<const Term*> found = codes.named(scheme, text);
  std::vector<std::pair<Fit, const Term*>> others;
  for (const Term* term : codes.terms(scheme)) {
    if (term->retired()) continue;
    const Fit fit = fit_of_term(codes.pinyin(), *term, typed, is_ascii);
    if (fit != Fit::No && std::find(found.begin(), found.end(), term) == found.end()) {
      others.emplace_back(fit, term);
    }
  }
  // The upper levels first: whoever types 恩施 means the prefecture before its villages.
  std::stable_sort(others.begin(), others.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second->level) < std::pair(b.first, b.second->level);
  });
  for (const auto& [fit, term] : others) found.push_back(term);
  if (found.size() > kFoundLimit) found.resize(kFoundLimit);
  return found;
}

std::vector<const Term*> listed(const CodeBook& codes, std::string_view scheme,
                                std::string_view list) {
  std::vector<const Term*> found;
  while (!list.empty() && found.size() < kTermLimit) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (const Term* term = codes.find(scheme, list.substr(0, end))) found.push_back(term);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return found;
}

std::vector<const Term*> chosen(const CodeBook& codes, const Request& request,
                                std::string_view scheme) {
  if (const auto text = request.query_value("q"); !text.empty()) {
    return search(codes, scheme, text);
  }
  if (const auto list = request.query_value("codes"); !list.empty()) {
    return listed(codes, scheme, list);
  }
  const std::string_view parent = request.query_value("parent");
  std::vector<const Term*> terms;
  for (const Term* term : codes.terms(scheme)) {
    if (!parent.empty() && term->parent != parent) continue;
    terms.push_back(term);
    if (terms.size() == kTermLimit) break;
  }
  return terms;
}

}  // namespace

http::Handler terms_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const std::string_view scheme = request.query_value("scheme");
    if (!registry.codes().has_scheme(scheme)) {
      return fail(ErrorCode::InvalidArgument, "terms.scheme", "scheme");
    }
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const Term* term : chosen(registry.codes(), request, scheme)) write_term(json, *term);
    json.end_array().end_object();
    return Response::json(200, std::move(json).take());
  };
}

}  // namespace chucai
