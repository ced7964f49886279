// coverage, report, reviews: figures, the questions about them, and the workbooks of an office.
#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/coverage_codec.h"
#include "api/json/report_codec.h"
#include "api/json/review_codec.h"
#include "importers/report_workbook.h"
#include "registry/domain/text.h"
#include "registry/service/coverage_report.h"
#include "registry/service/reviews.h"

namespace chucai::cli {
namespace {

struct CoverageArguments {
  std::string program;
  std::string by;
  std::string as_of;
  std::string format;
  std::string out;
};

int report_coverage(Session& session, const CoverageArguments& arguments) {
  CoverageQuery query;
  query.program = arguments.program;
  if (const Done parsed = parse_dimensions(arguments.by, query); !parsed) {
    return session.report(parsed.error(), kUnusable);
  }
  if (!arguments.as_of.empty()) {
    const auto date = parse_date(arguments.as_of);
    if (!date) {
      return session.report({ErrorCode::InvalidArgument, {"field.date", "--as-of", {}}}, kUnusable);
    }
    query.as_of = *date;
  }
  if (!arguments.format.empty() && arguments.format != "json" && arguments.format != "csv") {
    return session.report({ErrorCode::InvalidArgument, {"export.format", "--format", {}}},
                          kUnusable);
  }
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto rows = coverage_report(*registry, session.operator_here(), query);
  if (!rows) return session.report(rows.error());
  const bool json = session.json || arguments.format == "json";
  const std::string text =
      json && arguments.format != "csv"
          ? coverage_json(*rows, query, registry->messages(), session.language()) + "\n"
          : coverage_csv(*rows, query, registry->messages(), session.language());
  if (arguments.out.empty()) {
    std::cout << text;
    return kDone;
  }
  const Done written = write_file(arguments.out, text);
  return written ? kDone : session.report(written.error(), kUnusable);
}

int list_reviews(Session& session) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto reviews = overdue_reviews(*registry, session.operator_here());
  if (!reviews) return session.report(reviews.error());
  const auto money = clawbacks(*registry, session.operator_here());
  if (!money) return session.report(money.error());
  if (session.json) {
    std::cout << reviews_json(*reviews, *money) << '\n';
    return kDone;
  }
  for (const OverdueReview& review : *reviews) {
    const Participation& participation = review.participation;
    std::cout << to_text(review.due) << "  +" << review.days_over << "  " << participation.program
              << "  " << participation.round << "  "
              << registry->codes().shown("participation_status", participation.status) << "  "
              << id_text(participation.id) << '\n';
  }
  for (const Clawback& one : *money) {
    std::cout << session.text({"cli.clawback",
                               {},
                               {one.participation.program, id_text(one.participation.id),
                                std::to_string(one.due_fen), std::to_string(one.recovered_fen),
                                std::to_string(one.outstanding_fen())}})
              << '\n';
  }
  return kDone;
}

/// How the answer to a question leaves.
struct AnswerArguments {
  std::string as_of;
  std::string format;
  std::string out;
};

Result<Date> day_of(const std::string& as_of) {
  if (as_of.empty()) return Date{};
  const auto date = parse_date(as_of);
  if (!date) return fail(ErrorCode::InvalidArgument, "field.date", "--as-of");
  return *date;
}

int give(Session& session, const Registry& registry, const Result<coverage::Report>& report,
         const AnswerArguments& arguments) {
  if (!report) {
    const bool unusable = report.error().code == ErrorCode::InvalidArgument;
    return session.report(report.error(), unusable ? kUnusable : kFailed);
  }
  const Language language = session.language();
  if (arguments.format == "xlsx") {
    if (arguments.out.empty()) {
      return session.report({ErrorCode::InvalidArgument, {"cli.output", "--out", {""}}}, kUnusable);
    }
    const Done written = importers::write_report_workbook(arguments.out, registry, report->name,
                                                          {*report}, language);
    return written ? kDone : session.report(written.error(), kUnusable);
  }
  const bool csv = arguments.format == "csv" || (arguments.format.empty() && !session.json);
  const std::string text =
      csv ? report_csv(*report) : report_json(registry, *report, language) + "\n";
  if (arguments.out.empty()) {
    std::cout << text;
    return kDone;
  }
  const Done written = write_file(arguments.out, text);
  return written ? kDone : session.report(written.error(), kUnusable);
}

void add_answer_options(CLI::App& command, AnswerArguments& arguments) {
  command.add_option("--as-of", arguments.as_of, "date");
  command.add_option("--format", arguments.format, "json, csv or xlsx")
      ->check(CLI::IsMember({"json", "csv", "xlsx"}));
  command.add_option("--out", arguments.out, "file instead of stdout");
}

struct PivotArguments {
  coverage::PivotQuery query;
  std::string by;
  std::vector<std::string> filters;
  AnswerArguments answer;
};

int make_pivot(Session& session, PivotArguments& arguments) {
  const auto day = day_of(arguments.answer.as_of);
  if (!day) return session.report(day.error(), kUnusable);
  coverage::PivotQuery query = arguments.query;
  query.by = split_list(arguments.by);
  for (const std::string& filter : arguments.filters) {
    if (const Done read = parse_filter(filter, query); !read) {
      return session.report(read.error(), kUnusable);
    }
  }
  Registry* registry = session.open();
  if (!registry) return kFailed;
  return give(session, *registry, ask_pivot(*registry, session.operator_here(), query, *day),
              arguments.answer);
}

struct AskArguments {
  std::string question;
  coverage::Ask ask;
  AnswerArguments answer;
};

int ask_question(Session& session, const AskArguments& arguments) {
  const auto day = day_of(arguments.answer.as_of);
  if (!day) return session.report(day.error(), kUnusable);
  Registry* registry = session.open();
  if (!registry) return kFailed;
  return give(
      session, *registry,
      ask_coverage(*registry, session.operator_here(), arguments.question, arguments.ask, *day),
      arguments.answer);
}

// ------------------------------------------------------------------ the workbook of a quarter
/// The last day of "2018Q2"; nullopt when it is no quarter.
std::optional<Date> end_of_quarter(std::string_view text) {
  if (text.size() != 6 || text[4] != 'Q' || text[5] < '1' || text[5] > '4') return std::nullopt;
  const auto year = parse_date(text.substr(0, 4));
  if (!year) return std::nullopt;
  const auto month = static_cast<std::int8_t>((text[5] - '0') * 3);
  return date_of_day(last_day(Date{year->year, month, 0}));
}

/// The last quarter that was over on the day: 2018-06-29 -> 2018Q1.
std::string quarter_before(Date today) {
  const int quarter = (today.month - 1) / 3;
  const int year = quarter == 0 ? today.year - 1 : today.year;
  return std::to_string(year) + "Q" + std::to_string(quarter == 0 ? 4 : quarter);
}

Result<std::vector<coverage::Report>> all_questions(Registry& registry, const Principal& principal,
                                                    Date day) {
  std::vector<coverage::Report> reports;
  for (const coverage::Question& question : coverage::questions()) {
    if (question.name == "rows") continue;
    auto report = ask_coverage(registry, principal, question.name, {}, day);
    if (!report) return tl::make_unexpected(report.error());
    reports.push_back(std::move(*report));
  }
  return reports;
}

Done write_quarter(Session& session, Registry& registry, const std::string& quarter,
                   const std::string& path) {
  const auto day = end_of_quarter(quarter);
  if (!day) return fail(ErrorCode::InvalidArgument, "report.quarter", "QUARTER", {quarter});
  const auto reports = all_questions(registry, session.operator_here(), *day);
  if (!reports) return tl::make_unexpected(reports.error());
  return importers::write_report_workbook(path, registry, quarter, *reports, session.language());
}

struct QuarterArguments {
  std::string quarter;
  std::string out;
};

int report_quarter(Session& session, const QuarterArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const Done written = write_quarter(session, *registry, arguments.quarter, arguments.out);
  return written ? kDone : session.report(written.error(), kUnusable);
}

// What a timer calls: writes the workbook of the last whole quarter unless it is there.
int report_due(Session& session, const std::string& folder) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const std::string quarter = quarter_before(registry->today());
  const std::filesystem::path path = std::filesystem::path(folder) / (quarter + ".xlsx");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::exists(path, error)) {
    const Done written = write_quarter(session, *registry, quarter, path.string());
    if (!written) return session.report(written.error(), kUnusable);
  }
  std::cout << path.string() << '\n';
  return kDone;
}

void add_coverage_command(CLI::App& app, Session& session, int& status) {
  auto* command = app.add_subcommand("coverage", "how well each programme covers");
  auto figures = std::make_shared<CoverageArguments>();
  command->add_option("--program", figures->program, "code of one programme");
  command->add_option("--by", figures->by, "program, region or unit, year");
  command->add_option("--as-of", figures->as_of, "date");
  command->add_option("--format", figures->format, "json or csv");
  command->add_option("--out", figures->out, "file instead of stdout");

  auto* pivot = command->add_subcommand("pivot", "any facts by up to four dimensions");
  auto counted = std::make_shared<PivotArguments>();
  pivot->add_option("--fact", counted->query.fact, "participation, person, need, ...");
  pivot->add_option("--by", counted->by, "dimensions, comma between");
  pivot->add_option("--filter", counted->filters, "DIMENSION:VALUE,VALUE");
  pivot->add_option("--measure", counted->query.measure, "subjects, rows or sum");
  pivot->add_flag("--totals", counted->query.totals, "with totals");
  pivot->add_flag("--all-statuses", counted->query.all_statuses, "rows that do not count, too");
  add_answer_options(*pivot, counted->answer);

  auto* ask = command->add_subcommand("ask", "a question by name: trend_year, funnel, overlap ...");
  auto asked = std::make_shared<AskArguments>();
  ask->add_option("QUESTION", asked->question, "see GET /api/v1/coverage/questions")->required();
  ask->add_option("--program", asked->ask.program, "code of one programme");
  ask->add_option("--region", asked->ask.region, "for rows");
  ask->add_option("--year", asked->ask.year, "default: that of the day");
  add_answer_options(*ask, asked->answer);

  command->callback([&session, &status, figures, pivot, counted, ask, asked] {
    status = pivot->parsed() ? make_pivot(session, *counted)
             : ask->parsed() ? ask_question(session, *asked)
                             : report_coverage(session, *figures);
  });
}

void add_report_command(CLI::App& app, Session& session, int& status) {
  auto* command = app.add_subcommand("report", "workbooks of every question");
  command->require_subcommand(1);
  auto* quarter = command->add_subcommand("quarter", "the workbook of a quarter");
  auto wanted = std::make_shared<QuarterArguments>();
  quarter->add_option("QUARTER", wanted->quarter, "2018Q2")->required();
  quarter->add_option("--out", wanted->out, "file")->required();
  quarter->callback([&session, &status, wanted] { status = report_quarter(session, *wanted); });
  auto* due = command->add_subcommand("due", "for a timer: the last whole quarter, once");
  auto folder = std::make_shared<std::string>();
  due->add_option("--folder", *folder, "where workbooks lie")->required();
  due->callback([&session, &status, folder] { status = report_due(session, *folder); });
}

}  // namespace

void add_report_commands(CLI::App& app, Session& session, int& status) {
  add_coverage_command(app, session, status);
  add_report_command(app, session, status);
  app.add_subcommand("reviews", "participations whose review is overdue")->callback([&] {
    status = list_reviews(session);
  });
}

}  // namespace chucai::cli
