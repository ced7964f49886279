#include "api/handlers/records.h"

#include <algorithm>

#include "api/handlers/request_parts.h"
#include "api/http/problem.h"
#include "api/json/reader.h"
#include "api/json/record_codec.h"
#include "api/json/writer.h"
#include "registry/service/filters.h"
#include "registry/service/records.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kLines = "application/x-ndjson";

// Lists and reads give nothing that lies out of scope.
Viewer viewer(const Principal& principal) {
  return {principal.role};
}

std::string location_of(const RecordType& type, const Record& record) {
  return "/api/v1/" + std::string(type.collection) + "/" + id_text(record.id);
}

Response record_response(const RecordType& type, const Record& record, const Principal& principal) {
  JsonWriter json;
  write_record(json, type, record, viewer(principal));
  return Response::json(200, std::move(json).take()).with("ETag", etag_of(record.version));
}

Result<Response> created_response(const RecordType& type, const Record& record,
                                  const Request& request, const MoreMembers& more) {
  JsonWriter json;
  json.begin_object();
  write_members(json, type, record, viewer(request.principal));
  if (more) {
    if (const Done written = more(json, request, record); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  json.end_object();
  return Response::json(201, std::move(json).take())
      .with("ETag", etag_of(record.version))
      .with("Location", location_of(type, record));
}

/// Reads, stores, and reads back, so that the answer is what is stored, with the identity number as
/// its mask.
Result<std::unique_ptr<Record>> create_from(Registry& registry, const Principal& principal,
                                            const RecordType& type, std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return tl::make_unexpected(json.error());
  const auto draft = type.make();
  if (const Done read = read_record(type, *json, registry.rules(), *draft); !read) {
    return tl::make_unexpected(read.error());
  }
  if (const Done created = create_record(registry, principal, type, *draft); !created) {
    return tl::make_unexpected(created.error());
  }
  return find_record(registry, principal, type, id_text(draft->id));
}

// What became of one line: "id" of the new record, or "problem".
std::string line_result(std::int64_t number, const Result<std::unique_ptr<Record>>& stored,
                        const http::Audience& audience) {
  const std::int64_t status = stored ? 201 : http::status_of(stored.error().code);
  JsonWriter json;
  json.begin_object().field("line", number).field("status", status);
  if (stored) {
    json.field("id", id_text((*stored)->id));
  } else {
    json.key("problem");
    http::write_problem(json, stored.error(), audience);
  }
  json.end_object();
  return std::move(json).take() + "\n";
}

// One record a line, each for itself: a line that is refused keeps none of the others out.
Response created_lines(Registry& registry, const RecordType& type, const Request& request) {
  const http::Audience audience{registry.messages(), request.language, request.request_id};
  std::string results;
  std::int64_t number = 0;
  for (std::string_view rest = request.body; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    results += line_result(number, create_from(registry, request.principal, type, line), audience);
  }
  return Response{200, std::string(kLines), std::move(results), {}};
}

// What somebody may not see in full cannot be guessed by asking for it either.
bool may_ask_for(const Principal& principal, const RecordType& type, std::string_view name) {
  const Field* field = type.field(name);
  return !field || viewer(principal).sees(*field) == Show::Full;
}

Result<PageRequest> page_request(const CodeBook& codes, const RecordType& type,
                                 const Request& request) {
  PageRequest page{{}, 0, page_limit(request)};
  for (const auto& [name, text] : request.query) {
    if (name == "limit") continue;
    if (name == "cursor") {
      const auto after = parse_id(text);
      if (!after) return fail(ErrorCode::InvalidArgument, "page.cursor", "cursor");
      page.after = *after;
      continue;
    }
    if (name == "q") {
      auto search = SearchQuery::parse(text);
      if (!search || !may_ask_for(request.principal, type, "name")) {
        return search ? fail(ErrorCode::InvalidArgument, "query.parameter", name)
                      : tl::make_unexpected(search.error());
      }
      page.search = std::move(*search);
      continue;
    }
    auto filter = make_filter(codes, type, name, text);
    if (!filter) return tl::make_unexpected(filter.error());
    if (!may_ask_for(request.principal, type, name)) {
      return fail(ErrorCode::InvalidArgument, "query.parameter", name);
    }
    page.filters.push_back(std::move(*filter));
  }
  return page;
}

}  // namespace

http::Handler list_handler(Registry& registry, const RecordType& type) {
  return [&registry, &type](const Request& request) -> Result<Response> {
    const auto page = page_request(registry.codes(), type, request);
    if (!page) return tl::make_unexpected(page.error());
    const auto found = list_records(registry, request.principal, type, *page);
    if (!found) return tl::make_unexpected(found.error());
    return Response::json(200, records_json(type, *found, viewer(request.principal)));
  };
}

http::Handler get_handler(Registry& registry, const RecordType& type) {
  return [&registry, &type](const Request& request) -> Result<Response> {
    const auto found = find_record(registry, request.principal, type, request.param("id"));
    if (!found) return tl::make_unexpected(found.error());
    Response response = record_response(type, **found, request.principal);
    const auto asked = parse_id(request.param("id"));
    if (asked && *asked != (*found)->id) {  // merged: this is the survivor
      response.with("Content-Location", location_of(type, **found));
    }
    return response;
  };
}

http::Handler create_handler(Registry& registry, const RecordType& type, MoreMembers more) {
  return [&registry, &type, more = std::move(more)](const Request& request) -> Result<Response> {
    if (request.header("content-type").starts_with(kLines)) {
      return created_lines(registry, type, request);
    }
    const auto stored = create_from(registry, request.principal, type, request.body);
    if (!stored) return tl::make_unexpected(stored.error());
    return created_response(type, **stored, request, more);
  };
}

http::Handler change_handler(Registry& registry, const RecordType& type) {
  return [&registry, &type](const Request& request) -> Result<Response> {
    const auto version = expected_version(request);
    if (!version) return tl::make_unexpected(version.error());
    const auto json = parse_json(request.body);
    if (!json) return tl::make_unexpected(json.error());
    auto found = find_record(registry, request.principal, type, request.param("id"));
    if (!found) return tl::make_unexpected(found.error());
    Record& record = **found;
    if (record.version != *version) return fail(ErrorCode::Stale, "record.version");
    if (const Done read = read_record(type, *json, registry.rules(), record); !read) {
      return tl::make_unexpected(read.error());
    }
    if (const Done changed = change_record(registry, request.principal, type, record); !changed) {
      return tl::make_unexpected(changed.error());
    }
    const auto stored = find_record(registry, request.principal, type, id_text(record.id));
    if (!stored) return tl::make_unexpected(stored.error());
    return record_response(type, **stored, request.principal);
  };
}

}  // namespace chucai
