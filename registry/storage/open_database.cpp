// Reads a database URL and opens the driver it names.
#include <charconv>
#include <optional>

#include "registry/storage/crypto.h"
#include "registry/storage/drivers.h"

namespace chucai {

namespace {

tl::unexpected<Error> bad_url(std::string part) {
  return fail(ErrorCode::InvalidArgument, "storage.url", "database", {std::move(part)});
}

/// %40 to @ and the like; nullopt when a % is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const std::string byte = from_hex(text.substr(i + 1, 2));
    if (byte.size() != 1) return std::nullopt;
    plain += byte;
    i += 2;
  }
  return plain;
}

/// A whole number within [least, most].
std::optional<int> number_in(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < least || value > most) return std::nullopt;
  return value;
}

/// What stands before `mark` in `text`, which keeps what stands behind; all when there is no mark.
std::string_view take_until(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  const std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return head;
}

Done set_option(MySqlAddress& address, std::string_view name, std::string_view value) {
  if (name == "socket") {
    const auto path = percent_decoded(value);
    if (!path || path->empty()) return bad_url("socket");
    address.socket = *path;
    return {};
  }
  if (name == "timeout") {
    const auto seconds = number_in(value, 1, 3600);
    if (!seconds) return bad_url("timeout");
    address.timeout = std::chrono::seconds(*seconds);
    return {};
  }
  if (name == "connections") {
    const auto count = number_in(value, 1, 1000);
    if (!count) return bad_url("connections");
    address.connections = static_cast<std::size_t>(*count);
    return {};
  }
  return bad_url(std::string(name.substr(0, 40)));  // the connector would ignore it in silence
}

/// `rest` is what follows mysql:// in USER:PASSWORD@HOST:PORT/SCHEMA?OPTIONS.
Result<DatabaseAddress> parse_mysql(std::string_view rest) {
  const auto at = rest.find('@');
  if (at == std::string_view::npos) return bad_url("user");
  std::string_view account = rest.substr(0, at);
  std::string_view options = rest.substr(at + 1);
  std::string_view path = take_until(options, '?');
  std::string_view server = take_until(path, '/');

  MySqlAddress address;
  const auto user = percent_decoded(take_until(account, ':'));
  const auto password = percent_decoded(account);
  if (!user || user->empty()) return bad_url("user");
  if (!password) return bad_url("password");
  address.user = *user;
  address.password = *password;
  address.host = take_until(server, ':');
  if (!server.empty()) {
    const auto port = number_in(server, 1, 65535);
    if (!port) return bad_url("port");
    address.port = *port;
  }
  if (path.empty() || path.find('/') != std::string_view::npos) return bad_url("schema");
  address.schema = path;
  while (!options.empty()) {
    std::string_view value = take_until(options, '&');
    const std::string_view name = take_until(value, '=');
    if (const Done done = set_option(address, name, value); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  if (address.host.empty() == address.socket.empty()) return bad_url("host");
  return address;
}

}  // namespace

Result<DatabaseAddress> parse_database_url(std::string_view url) {
  constexpr std::string_view kSqlite = "sqlite:";
  constexpr std::string_view kMySql = "mysql://";
  if (url.starts_with(kSqlite)) {
    const std::string path(url.substr(kSqlite.size()));
    if (path.empty()) return bad_url("path");
    return SqliteAddress{path};
  }
  if (url.starts_with(kMySql)) return parse_mysql(url.substr(kMySql.size()));
  return bad_url(std::string("sqlite: / mysql://"));
}

Result<std::unique_ptr<Database>> open_database(std::string_view url) {
  const auto address = parse_database_url(url);
  if (!address) return tl::make_unexpected(address.error());
  try {
    if (const auto* file = std::get_if<SqliteAddress>(&*address)) return open_sqlite(*file);
    return open_mysql(std::get<MySqlAddress>(*address));
  } catch (const DbError& error) {
    return fail(ErrorCode::Unavailable, "storage.open", "database", {}, error.what());
  }
}

}  // namespace chucai
