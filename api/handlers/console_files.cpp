#include "api/handlers/console_files.h"

#include <map>
#include <string>

#include "api/http/framing.h"
#include "api/http/wire.h"
#include "registry/storage/crypto.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kPage = "index.html";
// Scripts of this site only; Element Plus sets style attributes; drawings may be data: images.
constexpr std::string_view kPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
};

std::string_view type_of_file(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

struct ConsoleFile {
  std::string_view gzip;
  std::string_view type;
  std::string etag;  ///< weak: the same for the file as it is and inflated
};

using ConsoleFiles = std::map<std::string_view, ConsoleFile>;

ConsoleFiles with_tags(std::span<const EmbeddedFile> files) {
  constexpr std::size_t kTagDigits = 16;
  ConsoleFiles tagged;
  for (const EmbeddedFile& file : files) {
    const std::string digest = to_hex(sha256(file.text)).substr(0, kTagDigits);
    tagged[file.name] = {file.text, type_of_file(file.name), "W/\"" + digest + "\""};
  }
  return tagged;
}

const ConsoleFile* file_for(const ConsoleFiles& files, std::string_view path) {
  const auto exact = files.find(path);
  if (exact != files.end()) return &exact->second;
  const bool is_page = path != "api" && !path.starts_with("api/") &&
                       path.find('.') == std::string_view::npos && files.contains(kPage);
  return is_page ? &files.at(kPage) : nullptr;
}

}  // namespace

http::Handler console_handler(std::span<const EmbeddedFile> files) {
  return [files = with_tags(files)](const Request& request) -> Result<Response> {
    const ConsoleFile* file = file_for(files, request.param("path"));
    if (!file) return fail(ErrorCode::NotFound, "http.path.unknown");
    Response response;
    response.with("ETag", file->etag)
        .with("Cache-Control", "no-cache")
        .with("Vary", "Accept-Encoding")
        .with("Content-Security-Policy", std::string(kPolicy));
    if (request.header("if-none-match").find(file->etag) != std::string_view::npos) {
      response.status = 304;
      return response;
    }
    response.content_type = file->type;
    if (http::accepts_gzip(request.header("accept-encoding"))) {
      response.body = file->gzip;
      return std::move(response).with("Content-Encoding", "gzip");
    }
    response.body = http::inflated(file->gzip);
    // Packed once at the build: the server's own compression has nothing to add.
    return std::move(response).with("Content-Encoding", "identity");
  };
}

}  // namespace chucai
