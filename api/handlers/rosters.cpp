#include "api/handlers/rosters.h"

#include "api/handlers/passing_file.h"
#include "api/rosters.h"
#include "importers/columns.h"
#include "importers/export_records.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::int64_t kMostRows = 200'000;
constexpr const char* kWorkbook =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const char* content_type(std::string_view format) {
  if (format == "csv") return "text/csv; charset=utf-8";
  return format == "json" ? "application/json" : kWorkbook;
}

Response download(const PassingFile& file, const char* type, const std::string& name) {
  return Response{200, type, file.content(), {}}.with("Content-Disposition",
                                                      "attachment; filename=\"" + name + "\"");
}

}  // namespace

http::Handler roster_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    importers::ExportOptions options;
    options.kind = request.param("kind");
    options.most_rows = kMostRows;
    std::string format = "csv";
    for (const auto& [name, value] : request.query) {
      if (name == "format") {
        format = value;
      } else if (name == "program") {
        options.program = value;
      } else if (name == "region") {
        options.region = value;
      } else {
        return fail(ErrorCode::InvalidArgument, "query.parameter", name);
      }
    }
    if (!importers::find_kind(options.kind)) {
      return fail(ErrorCode::InvalidArgument, "import.kind", "kind");
    }
    const PassingFile file(registry, "roster");
    const auto writer = table_writer(format, file.path(), options.kind, "format");
    if (!writer) return tl::make_unexpected(writer.error());
    const auto rows = importers::export_records(registry, request.principal, options, **writer);
    if (!rows) return tl::make_unexpected(rows.error());
    return download(file, content_type(format), options.kind + "." + format);
  };
}

http::Handler template_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const std::string kind(request.param("kind"));
    const PassingFile file(registry, "xlsx");
    const Done written =
        write_form(registry, kind, std::string(request.query_value("program")), file.path());
    if (!written) return tl::make_unexpected(written.error());
    return download(file, kWorkbook, kind + ".xlsx");
  };
}

}  // namespace chucai
