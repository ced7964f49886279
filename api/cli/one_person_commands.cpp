// duplicates, merge, unmerge, distinct: one person once.
#include <CLI/CLI.hpp>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/duplicate_codec.h"
#include "registry/service/records.h"

namespace chucai::cli {
namespace {

constexpr int kUpToPage = 200;

/// The id of somebody who is known by id or expert number; 0 after reporting that nobody is.
std::int64_t person_named(Session& session, Registry& registry, const std::string& name) {
  if (const auto id = parse_id(name)) return *id;
  const auto found = find_record(registry, session.operator_here(), type_of<Person>(), name);
  if (found) return (*found)->id;
  session.report(found.error());
  return 0;
}

DuplicateView view_of(const Session& session, const Registry& registry) {
  return {registry.messages(), session.language(), {session.operator_here().role}};
}

void print_person(const Person& person) {
  std::cout << "    " << id_text(person.id) << ' ' << person.name << ' ' << to_text(person.birth)
            << ' ' << person.id_no << ' ' << person.employer << '\n';
}

void print_pair(const Session& session, const DuplicatePair& pair) {
  const std::string band = "likeness.band." + std::string(to_text(pair.band));
  std::cout << id_text(pair.id) << ' ' << pair.score << ' ' << session.text({band, {}, {}}) << ':';
  for (const auto& [reason, points] : pair.evidence) {
    std::cout << ' ' << session.text({reason, {}, {}}) << ' ' << (points > 0 ? "+" : "") << points;
  }
  std::cout << '\n';
  print_person(pair.one);
  print_person(pair.other);
}

int scan_register(Session& session, Registry& registry) {
  const auto report = rescan(registry, session.operator_here());
  if (!report) return session.report(report.error());
  if (session.json) return kDone;  // the list that follows is the one JSON object
  std::cout << session.text({"cli.duplicates.scan",
                             {},
                             {std::to_string(report->people), std::to_string(report->compared),
                              std::to_string(report->open), std::to_string(report->links)}})
            << '\n';
  return kDone;
}

struct ListArguments {
  int top = 50;
  std::string band;
  std::string cursor;
  bool scan = false;
};

int list_pairs(Session& session, const ListArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  if (!arguments.band.empty() && band_named(arguments.band) == Band::No) {
    return session.report({ErrorCode::InvalidArgument, {"query.parameter", "--band", {}}},
                          kUnusable);
  }
  if (arguments.scan) {
    if (const int status = scan_register(session, *registry); status != kDone) return status;
  }
  const auto page = list_duplicates(*registry, session.operator_here(), band_named(arguments.band),
                                    arguments.cursor, arguments.top);
  if (!page) return session.report(page.error(), kUnusable);
  if (session.json) {
    std::cout << duplicates_json(*page, view_of(session, *registry)) << '\n';
    return kDone;
  }
  if (page->pairs.empty()) std::cout << session.text({"cli.duplicates.none", {}, {}}) << '\n';
  for (const DuplicatePair& pair : page->pairs) print_pair(session, pair);
  if (!page->next_cursor.empty()) std::cout << "--after " << page->next_cursor << '\n';
  return kDone;
}

int count_of(const std::map<std::string, int>& by_type) {
  int sum = 0;
  for (const auto& [type, count] : by_type) sum += count;
  return sum;
}

struct MergeArguments {
  std::string survivor;
  std::string other;
  std::vector<std::string> take;
  std::string reason;
};

int merge_pair(Session& session, const MergeArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const std::int64_t survivor = person_named(session, *registry, arguments.survivor);
  const std::int64_t other = survivor == 0 ? 0 : person_named(session, *registry, arguments.other);
  if (other == 0) return kFailed;
  const auto report = merge_people(*registry, session.operator_here(),
                                   {survivor, other, arguments.take, arguments.reason});
  if (!report) return session.report(report.error());
  if (session.json) {
    std::cout << merge_json(*report) << '\n';
    return kDone;
  }
  std::cout << session.text({"cli.merge",
                             {},
                             {id_text(report->survivor), std::to_string(report->changed.size()),
                              std::to_string(count_of(report->moved)),
                              std::to_string(count_of(report->duplicates))}})
            << '\n';
  return kDone;
}

int unmerge_pair(Session& session, const std::string& name) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const std::int64_t person = person_named(session, *registry, name);
  if (person == 0) return kFailed;
  const auto report = unmerge_people(*registry, session.operator_here(), person);
  if (!report) return session.report(report.error());
  if (session.json) {
    std::cout << unmerge_json(*report) << '\n';
    return kDone;
  }
  std::cout << session.text(
                   {"cli.unmerge",
                    {},
                    {id_text(report->survivor), id_text(report->other),
                     std::to_string(count_of(report->moved)), std::to_string(report->kept.size())}})
            << '\n';
  return kDone;
}

int tell_apart(Session& session, const std::string& one, const std::string& other) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const std::int64_t a = person_named(session, *registry, one);
  const std::int64_t b = a == 0 ? 0 : person_named(session, *registry, other);
  if (b == 0) return kFailed;
  const Done marked = mark_distinct(*registry, session.operator_here(), a, b);
  if (!marked) return session.report(marked.error());
  JsonWriter json;
  json.begin_object().field("distinct", true).end_object();
  std::cout << (session.json ? std::move(json).take() : session.text({"cli.distinct", {}, {}}))
            << '\n';
  return kDone;
}

}  // namespace

void add_one_person_commands(CLI::App& app, Session& session, int& status) {
  auto* list = app.add_subcommand("duplicates", "pairs of people who may be one, likeliest first");
  auto in = std::make_shared<ListArguments>();
  list->add_option("--top", in->top, "pairs, at most " + std::to_string(kUpToPage))
      ->capture_default_str();
  list->add_option("--band", in->band, "link or review");
  list->add_option("--after", in->cursor, "where the page before ended");
  list->add_flag("--scan", in->scan, "compare the whole register again first");
  list->callback([&session, &status, in] { status = list_pairs(session, *in); });

  auto* merge = app.add_subcommand("merge", "two records of one person become one");
  auto pair = std::make_shared<MergeArguments>();
  merge->add_option("SURVIVOR", pair->survivor)->required();
  merge->add_option("OTHER", pair->other)->required();
  merge->add_option("--take", pair->take, "fields whose value comes from OTHER")->delimiter(',');
  merge->add_option("--reason", pair->reason, "why they are one, where the records do not say it");
  merge->callback([&session, &status, pair] { status = merge_pair(session, *pair); });

  auto* unmerge = app.add_subcommand("unmerge", "take the latest merge of a person back");
  auto person = std::make_shared<std::string>();
  unmerge->add_option("PERSON", *person)->required();
  unmerge->callback([&session, &status, person] { status = unmerge_pair(session, *person); });

  auto* distinct = app.add_subcommand("distinct", "remember that two people are two");
  auto one = std::make_shared<std::string>();
  auto other = std::make_shared<std::string>();
  distinct->add_option("ONE", *one)->required();
  distinct->add_option("OTHER", *other)->required();
  distinct->callback(
      [&session, &status, one, other] { status = tell_apart(session, *one, *other); });
}

}  // namespace chucai::cli
