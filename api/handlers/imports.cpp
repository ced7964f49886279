#include "api/handlers/imports.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

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

Result<importers::ImportRequest> import_request(const Request& request) {
  importers::ImportRequest options;
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
    } else if (name == "dry_run" || name == "all_or_nothing") {
      const auto on = flag(name, text);
      if (!on) return tl::make_unexpected(on.error());
      (name == "dry_run" ? options.dry_run : options.all_or_nothing) = *on;
    } else {
      return fail(ErrorCode::InvalidArgument, "query.parameter", name);
    }
  }
  return options;
}

}  // namespace

http::Handler import_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    auto options = import_request(request);
    if (!options) return tl::make_unexpected(options.error());
    if (options->file_name.empty()) options->file_name = "upload";
    const Upload upload(registry.data_folder());
    if (const Done written = upload.write(request.body); !written) {
      return tl::make_unexpected(written.error());
    }
    options->file = upload.path();
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = importers::import_file(registry, request.principal, *options);
    if (!outcome) return tl::make_unexpected(outcome.error());
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
