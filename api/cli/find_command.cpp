// find: people, organizations, needs and programmes by the words in them.
#include <CLI/CLI.hpp>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/record_codec.h"
#include "registry/service/filters.h"
#include "registry/service/records.h"

namespace chucai::cli {
namespace {

struct FindArguments {
  std::string kind;
  std::string text;
  std::vector<std::pair<std::string, std::string>> filters;  ///< field and value
  std::string after;
  int limit = 20;
};

/// Options and the fields that they ask for.
constexpr std::pair<const char*, const char*> kFilters[] = {
    {"--region", "region"},   {"--industry", "industry"}, {"--discipline", "discipline"},
    {"--role", "roles"},      {"--status", "status"},     {"--title-grade", "title_grade"},
    {"--program", "program"},
};

const RecordType* type_of_collection(std::string_view collection) {
  for (const RecordType* type : record_types()) {
    if (type->collection == collection) return type;
  }
  return nullptr;
}

std::string collections() {
  std::string names;
  for (const RecordType* type : record_types()) {
    names.append(names.empty() ? "" : " ").append(type->collection);
  }
  return names;
}

Result<PageRequest> request_of(const Registry& registry, const RecordType& type,
                               const FindArguments& arguments) {
  PageRequest request{{}, 0, arguments.limit};
  if (!arguments.text.empty()) {
    auto search = SearchQuery::parse(arguments.text);
    if (!search) return tl::make_unexpected(search.error());
    request.search = std::move(*search);
  }
  for (const auto& [name, value] : arguments.filters) {
    auto filter = make_filter(registry.codes(), type, name, value);
    if (!filter) return tl::make_unexpected(filter.error());
    request.filters.push_back(std::move(*filter));
  }
  if (!arguments.after.empty()) {
    const auto after = parse_id(arguments.after);
    if (!after) return fail(ErrorCode::InvalidArgument, "page.cursor", "--after");
    request.after = *after;
  }
  return request;
}

// Number or id, name, unit and region in one line.
std::string line_of(const Registry& registry, const RecordType& type, const Record& record) {
  const auto value = [&](std::string_view name) {
    const Field* field = type.field(name);
    return field ? to_text(field->get(record)) : std::string();
  };
  std::string line = id_text(record.id);
  for (const std::string_view name :
       {type.number, std::string_view("name"), std::string_view("name_zh"),
        std::string_view("employer"), std::string_view("requester")}) {
    const std::string text = value(name);
    if (!text.empty()) line += "  " + text;
  }
  const std::string region = value("region");
  if (!region.empty()) line.append("  ").append(registry.codes().shown("region", region));
  return line;
}

int find(Session& session, const FindArguments& arguments) {
  const RecordType* type = type_of_collection(arguments.kind);
  if (!type) {
    return session.report({ErrorCode::InvalidArgument, {"cli.find.kind", "KIND", {collections()}}},
                          kUnusable);
  }
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto request = request_of(*registry, *type, arguments);
  if (!request) return session.report(request.error(), kUnusable);
  const auto page = list_records(*registry, session.operator_here(), *type, *request);
  if (!page) return session.report(page.error(), kUnusable);
  if (session.json) {
    std::cout << records_json(*type, *page, {session.operator_here().role}) << '\n';
    return kDone;
  }
  for (const auto& record : page->records) std::cout << line_of(*registry, *type, *record) << '\n';
  if (page->records.empty()) std::cout << session.text({"cli.find.none", {}, {}}) << '\n';
  if (page->next_after != 0) {
    std::cout << session.text({"cli.find.more", {}, {id_text(page->next_after)}}) << '\n';
  }
  return kDone;
}

}  // namespace

void add_find_command(CLI::App& app, Session& session, int& status) {
  auto* command = app.add_subcommand("find", "search people, organizations, needs, programs");
  auto arguments = std::make_shared<FindArguments>();
  command->add_option("KIND", arguments->kind, "people, organizations, needs, programs")
      ->required();
  command->add_option("TEXT", arguments->text, "words that must all stand in the record");
  for (const auto& [option, field] : kFilters) {
    command->add_option_function<std::string>(
        option,
        [arguments, name = field](const std::string& value) {
          arguments->filters.emplace_back(name, value);
        },
        "only records with this; codes include what lies below them");
  }
  command->add_option("--limit", arguments->limit, "at most 200")->capture_default_str();
  command->add_option("--after", arguments->after, "id behind which to continue");
  command->callback([&session, &status, arguments] { status = find(session, *arguments); });
}

}  // namespace chucai::cli
