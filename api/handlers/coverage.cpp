#include "api/handlers/coverage.h"

#include <charconv>

#include "api/json/coverage_codec.h"
#include "api/json/report_codec.h"
#include "importers/report_workbook.h"
#include "registry/domain/text.h"
#include "registry/service/coverage_report.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

/// Which day, and how the answer leaves.
struct Form {
  Date as_of;
  std::string format = "json";
};

tl::unexpected<Error> refuse(const std::string& parameter) {
  return fail(ErrorCode::InvalidArgument, "query.parameter", parameter);
}

// True when the parameter is one of these and reads well; false when it is another.
Result<bool> read_form(const std::string& name, const std::string& text, Form& form) {
  if (name == "as_of") {
    const auto date = parse_date(text);
    if (!date) return fail(ErrorCode::InvalidArgument, "field.date", "as_of");
    form.as_of = *date;
    return true;
  }
  if (name != "format") return false;
  if (!one_of(text, {"json", "csv", "xlsx"})) return refuse(name);
  form.format = text;
  return true;
}

Result<Response> answered(const Registry& registry, const Request& request,
                          const Result<coverage::Report>& report, const Form& form) {
  if (!report) return tl::make_unexpected(report.error());
  if (form.format == "json") {
    return Response::json(200, report_json(registry, *report, request.language));
  }
  Response response;
  if (form.format == "csv") {
    response.content_type = "text/csv; charset=utf-8";
    response.body = report_csv(*report);
  } else {
    auto book = importers::report_workbook(registry, report->name, {*report}, request.language);
    if (!book) return tl::make_unexpected(book.error());
    response.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.body = std::move(*book);
  }
  return std::move(response).with(
      "Content-Disposition", "attachment; filename=\"" + report->name + "." + form.format + "\"");
}

bool read_year(const std::string& text, std::int64_t& year) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

http::Handler coverage_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    CoverageQuery query;
    for (const auto& [name, text] : request.query) {
      if (name == "program") {
        query.program = text;
      } else if (name == "by") {
        if (const Done parsed = parse_dimensions(text, query); !parsed) {
          return tl::make_unexpected(parsed.error());
        }
      } else if (name == "as_of") {
        const auto date = parse_date(text);
        if (!date) return fail(ErrorCode::InvalidArgument, "field.date", "as_of");
        query.as_of = *date;
      } else if (name != "format" || (text != "json" && text != "csv")) {
        return fail(ErrorCode::InvalidArgument, "query.parameter", name);
      }
    }
    const auto rows = coverage_report(registry, request.principal, query);
    if (!rows) return tl::make_unexpected(rows.error());
    if (request.query_value("format") == "csv") {
      Response response;
      response.content_type = "text/csv; charset=utf-8";
      response.body = coverage_csv(*rows, query, registry.messages(), request.language);
      return std::move(response).with("Content-Disposition",
                                      "attachment; filename=\"coverage.csv\"");
    }
    return Response::json(200, coverage_json(*rows, query, registry.messages(), request.language));
  };
}

http::Handler questions_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    return Response::json(200, questions_json(registry, request.language));
  };
}

http::Handler question_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    Form form;
    coverage::Ask ask;
    for (const auto& [name, text] : request.query) {
      const auto is_form = read_form(name, text, form);
      if (!is_form) return tl::make_unexpected(is_form.error());
      if (*is_form) continue;
      if (name == "program") {
        ask.program = text;
      } else if (name == "region") {
        ask.region = text;
      } else if (name != "year" || !read_year(text, ask.year)) {
        return refuse(name);
      }
    }
    return answered(
        registry, request,
        ask_coverage(registry, request.principal, request.param("name"), ask, form.as_of), form);
  };
}

http::Handler pivot_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    Form form;
    coverage::PivotQuery query;
    for (const auto& [name, text] : request.query) {
      const auto is_form = read_form(name, text, form);
      if (!is_form) return tl::make_unexpected(is_form.error());
      if (*is_form) continue;
      if (name == "fact") {
        query.fact = text;
      } else if (name == "by") {
        query.by = split_list(text);
      } else if (name == "measure") {
        query.measure = text;
      } else if (name == "totals" || name == "all") {
        (name == "all" ? query.all_statuses : query.totals) = text == "1" || text == "true";
      } else if (name == "filter") {
        const Done read = parse_filter(text, query);
        if (!read) return tl::make_unexpected(read.error());
      } else {
        return refuse(name);
      }
    }
    return answered(registry, request, ask_pivot(registry, request.principal, query, form.as_of),
                    form);
  };
}

}  // namespace chucai
