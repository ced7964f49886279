#include "registry/service/coverage_questions.h"

#include <algorithm>
#include <cstdio>

#include "registry/domain/rules/coverage.h"
#include "registry/domain/text.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

using coverage::Kind;

std::string own_office(const Principal& principal) {
  return principal.role == kLocalOperator ? std::string() : principal.region;
}

// Of the newest plan in scope.
Result<std::vector<std::pair<std::int64_t, std::int64_t>>> shortages_of(
    Registry& registry, const Principal& principal) {
  std::vector<std::pair<std::int64_t, std::int64_t>> shortages;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    const auto plans = list_plans(db, principal.scope());
    if (plans.empty()) return {};
    const auto plan = load_plan(db, principal.scope(), plans.front().id);
    if (!plan) return {};
    for (const PlanShortage& shortage : plan->shortages) {
      shortages.emplace_back(shortage.need, shortage.unfilled);
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  std::sort(shortages.begin(), shortages.end());
  return shortages;
}

/// What a code is called; in English where it has such a name.
std::string name_of(const Registry& registry, const std::string& scheme, const std::string& code,
                    Language language) {
  if (code == coverage::kAll || scheme == "program" || scheme.starts_with("coverage.")) return code;
  if (scheme == "region" && language == Language::Chinese) {
    return registry.regions().full_name(code);
  }
  const Term* term = registry.codes().find(scheme, code);
  if (term == nullptr) return code;
  return language == Language::English && !term->name_en.empty() ? term->name_en : term->shown();
}

std::string in_words(const Registry& registry, const std::string& key, const std::string& instead,
                     Language language) {
  return registry.messages().knows(key) ? registry.messages().text({key, {}, {}}, language)
                                        : instead;
}

std::string decimal(const char* format, double number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

}  // namespace

Result<coverage::Report> ask_coverage(Registry& registry, const Principal& principal,
                                      std::string_view question, coverage::Ask ask, Date as_of) {
  const auto cube = registry.coverage().current();
  if (!cube) return tl::make_unexpected(cube.error());
  if (question == "supply_demand") {
    auto shortages = shortages_of(registry, principal);
    if (!shortages) return tl::make_unexpected(shortages.error());
    ask.shortages = std::move(*shortages);
  }
  ask.own_office = own_office(principal);
  const coverage::Lens lens(**cube, {registry.codes(), registry.regions()}, principal.region,
                            as_of ? as_of : registry.today(), registry.today());
  return coverage::answer(lens, question, ask);
}

Result<coverage::Report> ask_pivot(Registry& registry, const Principal& principal,
                                   coverage::PivotQuery query, Date as_of) {
  const auto cube = registry.coverage().current();
  if (!cube) return tl::make_unexpected(cube.error());
  query.own_office = own_office(principal);
  const coverage::Lens lens(**cube, {registry.codes(), registry.regions()}, principal.region,
                            as_of ? as_of : registry.today(), registry.today());
  return coverage::pivot(lens, query);
}

Done parse_filter(std::string_view text, coverage::PivotQuery& query) {
  const std::size_t colon = text.find(':');
  std::vector<std::string> wanted = colon == std::string_view::npos
                                        ? std::vector<std::string>()
                                        : split_list(text.substr(colon + 1));
  if (wanted.empty()) {
    return fail(ErrorCode::InvalidArgument, "pivot.filter", "filter",
                {std::string(text.substr(0, 40))});
  }
  query.filters.emplace_back(std::string(text.substr(0, colon)), std::move(wanted));
  return {};
}

ReportWords words_of(const Registry& registry, const coverage::Report& report, Language language) {
  const std::string key = "coverage.question." + report.name;
  ReportWords words{in_words(registry, key, report.name, language),
                    in_words(registry, report.rule, report.rule, language),
                    {}};
  for (const coverage::ReportColumn& column : report.columns) {
    words.headers.push_back(
        in_words(registry, "coverage.column." + column.name, column.name, language));
  }
  return words;
}

std::string cell_text(const Registry& registry, const coverage::ReportColumn& column,
                      const coverage::Value& value, Language language) {
  if (std::holds_alternative<coverage::Masked>(value)) return "<3";
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (*text == kUnknownRegion) {
      return in_words(registry, "coverage.unknown", *text, language);
    }
    if (*text == coverage::kAll) return in_words(registry, "coverage.all", *text, language);
    if (column.kind != Kind::Term) return *text;
    if (column.scheme.starts_with("coverage.")) {
      const std::string key = text->substr(0, text->find(':'));
      return in_words(registry, column.scheme + "." + key, *text, language);
    }
    std::string names;
    for (const std::string& code : split_list(*text)) {
      names += (names.empty() ? "" : "、") + name_of(registry, column.scheme, code, language);
    }
    return names;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (column.kind != Kind::Money) return std::to_string(*number);
    return decimal("%.2f", static_cast<double>(*number) / 100);
  }
  if (const auto* share = std::get_if<double>(&value)) return decimal("%.1f%%", *share * 100);
  return {};
}

}  // namespace chucai
