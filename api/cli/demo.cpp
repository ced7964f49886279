// demo: a throw-away province from rosters that lie in the binary; does the main job once, prints
// what came of it with the time of each step, then serves it. Everybody in it is invented.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <system_error>

#include "api/cli/commands.h"
#include "api/cli/serve.h"
#include "api/http/client.h"
#include "api/json/reader.h"
#include "api/json/writer.h"
#include "api/service.h"
#include "importers/import_file.h"
#include "registry/domain/need.h"
#include "registry/service/accounts.h"
#include "registry/service/coverage_report.h"
#include "registry/service/plans.h"
#include "registry/service/records.h"
#include "registry/service/tokens.h"
#include "registry/storage/crypto.h"

namespace chucai {
/// The demo's rosters (api/demo/*.csv), by file name.
std::span<const EmbeddedFile> embedded_demo();
}  // namespace chucai

namespace chucai::cli {
namespace {

constexpr const char* kDay = "2018-12-31";  // the business date of the demo's rosters
constexpr std::size_t kShownExperts = 5;
constexpr std::size_t kShownShortages = 8;

struct DemoRoster {
  const char* file;
  const char* kind;
  const char* program;
};

constexpr DemoRoster kRosters[] = {
    {"talents.csv", "persons", ""},
    {"experts.csv", "experts", ""},
    {"needs.csv", "needs", "RURAL_REVIVAL"},
    {"engagements.csv", "engagements", ""},
    {"participations.csv", "participations", ""},
    {"pilots.csv", "participations", ""},
    {"targets.csv", "targets", ""},
};

constexpr const char* kPrograms[] = {"YOUNG_ELITE", "BEN_HOUSING", "RURAL_REVIVAL", "PILOT_COUNTY",
                                     "PRO_FARMERS"};

class Demo {
 public:
  explicit Demo(Session& session) : session_(session) {}
  // A throw-away province: nothing of it stays.
  ~Demo() {
    std::error_code ignored;
    if (!rosters_.empty()) std::filesystem::remove_all(rosters_, ignored);
  }
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  int run(bool serve) {
    for (Done (Demo::*step)() :
         {&Demo::make_province, &Demo::import_rosters, &Demo::start, &Demo::register_recruit,
          &Demo::rank, &Demo::plan, &Demo::report}) {
      if (const Done done = (this->*step)(); !done) return session_.report(done.error());
    }
    std::cout << '\n'
              << say("demo.login", {server_->url(), token_, password_}) << '\n'
              << std::flush;
    if (serve) wait_and_stop(*server_);
    return kDone;
  }

 private:
  std::string say(const char* reason, std::vector<std::string> params = {}) const {
    return session_.text({reason, {}, std::move(params)});
  }

  // Prints the heading of a step, and its time when the step ends.
  class Step {
   public:
    explicit Step(const std::string& heading) { std::cout << "\n== " << heading << '\n'; }
    ~Step() {
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
      std::cout << "   [" << std::fixed << std::setprecision(2) << taken.count() << " s]\n";
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  };

  Done make_province() {
    const Step step(say("demo.step.init"));
    block_stop_signals();
    std::string folder = (std::filesystem::temp_directory_path() / "chucai-demo-XXXXXX").string();
    if (!::mkdtemp(folder.data())) return fail(ErrorCode::Unavailable, "registry.folder");
    session_.settings.option(Setting::Data) = folder + "/data";
    rosters_ = folder;
    if (session_.settings.value(Setting::Today).empty()) {
      session_.settings.option(Setting::Today) = kDay;
    }
    registry_ = session_.open_or_init();
    if (!registry_) return fail(ErrorCode::Unavailable, "registry.folder", {}, {folder});
    matching_ = std::make_unique<Matching>(*registry_);
    std::cout << "   " << session_.settings.value(Setting::Data) << '\n';
    return {};
  }

  Done import_rosters() {
    const Step step(say("demo.step.import"));
    for (const DemoRoster& roster : kRosters) {
      const std::string path = rosters_ + "/" + roster.file;
      Done written =
          write_file(path, find_file(embedded_demo(), "demo/" + std::string(roster.file))->text);
      if (!written) return written;
      importers::ImportRequest request;
      request.file = path;
      request.kind = roster.kind;
      request.program = roster.program;
      const auto outcome = importers::import_file(*registry_, session_.operator_here(), request);
      if (!outcome) return tl::make_unexpected(outcome.error());
      print_counts(roster, *outcome);
    }
    return {};
  }

  void print_counts(const DemoRoster& roster, const importers::ImportOutcome& report) const {
    const ImportCounts& counts = report.counts;
    std::cout << "   " << roster.file << ": "
              << say("cli.import.counts",
                     {std::to_string(counts.rows), std::to_string(counts.added),
                      std::to_string(counts.updated), std::to_string(counts.same),
                      std::to_string(counts.duplicate), std::to_string(counts.review),
                      std::to_string(counts.refused)})
              << '\n';
    for (const importers::Issue& issue : report.plan.issues) {
      if (issue.finding.severity < importers::Severity::Warning) continue;
      std::cout << "     " << issue.row << " " << issue.column << ": "
                << session_.text({issue.finding.reason, {}, issue.finding.params}) << " ...\n";
      return;  // one example of each file
    }
  }

  Done start() {
    const Step step(say("demo.step.serve"));
    auto token = add_token(*registry_, session_.operator_here(), "demo", "province_admin", "420000",
                           date_of_day(first_day(registry_->today()) + 30));
    if (!token) return tl::make_unexpected(token.error());
    token_ = std::move(*token);
    password_ = to_hex(random_bytes(6));
    const auto account = add_account(*registry_, session_.operator_here(),
                                     {"demo", password_, "province_admin", "420000", {}});
    if (!account) return tl::make_unexpected(account.error());
    auto server = start_service({}, *registry_, *matching_);
    if (!server) return tl::make_unexpected(server.error());
    server_ = std::move(*server);
    std::cout << "   " << server_->url() << '\n';
    return {};
  }

  Done register_recruit() {
    const Step step(say("demo.step.register"));
    JsonWriter json;
    json.begin_object()
        .field("name", "周楚才")
        .field("id_no", "420106198503010007")
        .field("region", "422825")
        .field("employer", "宣恩县农业技术推广中心")
        .field("title", "高级农艺师")
        .field("title_grade", "2")
        .field("discipline", "21040")
        .field("phone", "19900000001")
        .field("roles", std::vector<std::string>{"talent"})
        .end_object();
    const auto answer =
        http::post_json(server_->url(), "/api/v1/people", token_, std::move(json).take());
    if (!answer) return tl::make_unexpected(answer.error());
    if (answer->status != 201) {
      return fail(ErrorCode::Internal, "http.client", {}, {}, answer->body);
    }
    std::cout << "   POST /api/v1/people -> " << answer->status << '\n'
              << "   " << answer->body << '\n';
    return {};
  }

  // The first open need of a poor county that has several eligible experts.
  Result<std::string> chosen_need() {
    const Field* status = type_of<Need>().field("status");
    const auto page = list_records(*registry_, session_.operator_here(), type_of<Need>(),
                                   {{{status, std::string("accepted")}}, 0, 200});
    if (!page) return tl::make_unexpected(page.error());
    for (const auto& record : page->records) {
      const auto& need = static_cast<const Need&>(*record);
      if (registry_->regions().has_flag(need.region, "poverty_national_832")) return need.number;
    }
    return fail(ErrorCode::NotFound, "record.absent");
  }

  Done rank() {
    const Step step(say("demo.step.match"));
    const auto number = chosen_need();
    if (!number) return tl::make_unexpected(number.error());
    const auto found = find_record(*registry_, session_.operator_here(), type_of<Need>(), *number);
    if (!found) return tl::make_unexpected(found.error());
    const auto& need = static_cast<const Need&>(**found);
    std::cout << "   " << need.number << " " << registry_->regions().full_name(need.region) << " "
              << need.requester << ": " << need.name << '\n';
    const auto answer = matching_->for_need(session_.operator_here(), *number, kShownExperts, {});
    if (!answer) return tl::make_unexpected(answer.error());
    for (const ShownCandidate& candidate : answer->candidates) {
      std::cout << "   " << std::setw(5) << candidate.ranked.score << "  " << candidate.number
                << " " << candidate.name << '\n';
      for (const matcher::Reason& reason : candidate.reasons) {
        std::cout << "          " << session_.text(reason) << '\n';
      }
    }
    for (std::size_t i = 0; i < matcher::kRules; ++i) {
      if (answer->excluded[i] == 0) continue;
      const std::string rule(matcher::rule_name(static_cast<matcher::Rule>(i)));
      std::cout << "   -" << answer->excluded[i] << "  " << session_.text({rule, {}, {}}) << '\n';
    }
    return {};
  }

  Done plan() {
    const Step step(say("demo.step.plan"));
    const auto computed = matching_->plan(session_.operator_here(), 0);
    if (!computed) return tl::make_unexpected(computed.error());
    const auto id = keep_plan(*registry_, session_.operator_here(), *computed);
    if (!id) return tl::make_unexpected(id.error());
    const auto plan = find_plan(*registry_, session_.operator_here(), *id);
    if (!plan) return tl::make_unexpected(plan.error());
    std::cout << "   " << session_.text(plan_words(*plan)) << '\n';
    for (std::size_t i = 0; i < plan->shortages.size() && i < kShownShortages; ++i) {
      const PlanShortage& shortage = plan->shortages[i];
      const auto need = find_record(*registry_, session_.operator_here(), type_of<Need>(),
                                    id_text(shortage.need));
      if (!need) return tl::make_unexpected(need.error());
      std::cout << "   " << static_cast<const Need&>(**need).number << " -" << shortage.unfilled
                << "  " << session_.text(shortage_words(shortage)) << '\n';
    }
    return {};
  }

  Done report() {
    const Step step(say("demo.step.coverage"));
    for (const char* program : kPrograms) {
      CoverageQuery query;
      query.program = program;
      const auto rows = coverage_report(*registry_, session_.operator_here(), query);
      if (!rows) return tl::make_unexpected(rows.error());
      for (const CoverageRow& row : *rows) print_figure(row);
    }
    return {};
  }

  static void print_figure(const CoverageRow& row) {
    std::cout << "   " << std::left << std::setw(16) << row.program << std::right << row.rule
              << "  " << std::setw(6) << row.numerator << " / " << std::setw(6)
              << (row.denominator ? std::to_string(*row.denominator) : "-") << "  ";
    if (row.value) {
      std::cout << std::fixed << std::setprecision(1) << *row.value * 100 << " %";
    } else {
      std::cout << row.note;
    }
    std::cout << '\n';
  }

  Session& session_;
  std::string rosters_;
  std::string token_;
  std::string password_;
  Registry* registry_ = nullptr;
  std::unique_ptr<Matching> matching_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

void add_demo_command(CLI::App& app, Session& session, int& status) {
  auto* demo = app.add_subcommand("demo", "a throw-away province: import, register, match, plan");
  auto only_print = std::make_shared<bool>(false);
  demo->add_flag("--no-serve", *only_print, "end after printing");
  demo->callback([&session, &status, only_print] { status = Demo(session).run(!*only_print); });
}

}  // namespace chucai::cli
