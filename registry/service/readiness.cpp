#include "registry/service/readiness.h"

#include <filesystem>

#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::string_view kWriteSetting = "ready_wrote_at";

}  // namespace

Done try_writing(Database& database, std::string_view value) {
  return database.write([&](Connection& db) -> Done {
    save_setting(db, kWriteSetting, value);
    return {};
  });
}

Result<int> check_ready(Registry& registry) {
  const auto schema = current_schema(registry.database());
  if (!schema) return schema;
  if (*schema != newest_schema()) {
    return fail(ErrorCode::Unavailable, "registry.schema_behind", {},
                {std::to_string(*schema), std::to_string(newest_schema())});
  }
  std::error_code error;
  const auto space = std::filesystem::space(registry.options().data_folder, error);
  if (!error && space.available < kLeastSpace) {
    return fail(ErrorCode::Unavailable, "registry.no_space", {},
                {std::to_string(space.available / 1'000'000)});
  }
  const Done written = try_writing(registry.database(), std::to_string(registry.now_us()));
  if (!written) return tl::make_unexpected(written.error());
  return schema;
}

}  // namespace chucai
