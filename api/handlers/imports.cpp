#include "api/handlers/imports.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "api/json/import_codec.h"
#include "importers/import_file.h"
#include "registry/service/import_batches.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

/// The body of an upload as a file that only this process reads, gone with the object.
class Upload {
 public:
  explicit Upload(const std::string& folder) : path_(folder + "/upload-XXXXXX") {
    descriptor_ = ::mkstemp(path_.data());
  }
  ~Upload() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  Done write(std::string_view bytes) const {
    while (!bytes.empty() && descriptor_ >= 0) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (!bytes.empty() || descriptor_ < 0) return fail(ErrorCode::Unavailable, "import.upload");
    return {};
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
};

Result<bool> flag(const std::string& name, const std::string& text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return fail(ErrorCode::InvalidArgument, "query.parameter", name);
}

constexpr std::string_view kXlsx =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What is asked beside the import itself.
struct Wanted {
  importers::ImportRequest request;
  bool workbook = false;  ///< the failed rows as a workbook in place of the report
};

Result<Wanted> wanted(const Request& request) {
  Wanted wanted;
  importers::ImportRequest& options = wanted.request;
  options.dry_run = true;
  options.confinement.emplace();
  for (const auto& [name, text] : request.query) {
    if (name == "kind") {
      options.kind = text;
    } else if (name == "program") {
      options.program = text;
    } else if (name == "file_name") {
      options.file_name = text;
    } else if (name == "mode") {
      const auto mode = importers::parse_mode(text);
      if (!mode) return tl::make_unexpected(mode.error());
      options.mode = *mode;
    } else if (name == "key") {
      options.key = text;
    } else if (name == "map") {
      options.maps.push_back(text);
    } else if (name == "dry_run" || name == "all_or_nothing" || name == "workbook") {
      const auto on = flag(name, text);
      if (!on) return tl::make_unexpected(on.error());
      if (name == "workbook") wanted.workbook = *on;
      if (name == "dry_run") options.dry_run = *on;
      if (name == "all_or_nothing") options.all_or_nothing = *on;
    } else {
      return fail(ErrorCode::InvalidArgument, "query.parameter", name);
    }
  }
  if (wanted.workbook) options.dry_run = true;
  return wanted;
}

/// The workbook that the import wrote beside the upload; it does not stay there.
Result<Response> workbook_response(const importers::ImportOutcome& outcome,
                                   const std::filesystem::path& path) {
  if (!outcome.report) return tl::make_unexpected(outcome.report.error());
  Response response;
  response.content_type = kXlsx;
  std::ifstream file(path, std::ios::binary);
  response.body.assign(std::istreambuf_iterator<char>(file), {});
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return std::move(response).with("Content-Disposition", "attachment; filename=\"failed.xlsx\"");
}

}  // namespace

http::Handler import_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    auto parsed = wanted(request);
    if (!parsed) return tl::make_unexpected(parsed.error());
    importers::ImportRequest* const options = &parsed->request;
    if (options->file_name.empty()) options->file_name = "upload";
    const Upload upload(registry.data_folder());
    if (const Done written = upload.write(request.body); !written) {
      return tl::make_unexpected(written.error());
    }
    options->file = upload.path();
    if (parsed->workbook) options->errors = upload.path() + ".xlsx";
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = importers::import_file(registry, request.principal, *options);
    if (!outcome) return tl::make_unexpected(outcome.error());
    if (parsed->workbook) return workbook_response(*outcome, options->errors);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    return Response::json(
        outcome->batch == 0 ? 200 : 201,
        import_json(*outcome, taken.count(),
                    {registry.messages(), request.language, {request.principal.role}}));
  };
}

http::Handler list_imports_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto batches = list_import_batches(registry, request.principal);
    if (!batches) return tl::make_unexpected(batches.error());
    return Response::json(200, batches_json(*batches));
  };
}

http::Handler undo_import_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto batch = parse_id(request.param("id"));
    if (!batch) return fail(ErrorCode::NotFound, "import.batch.absent");
    const auto report = undo_batch(registry, request.principal, *batch);
    if (!report) return tl::make_unexpected(report.error());
    return Response::json(200, undo_json(*batch, *report));
  };
}

}  // namespace chucai
