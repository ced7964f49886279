#include "tests/support/private_mariadb.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace chucai::testing {

namespace fs = std::filesystem;

namespace {

constexpr auto kStartLimit = std::chrono::seconds(60);

// Runs as `sh -c SCRIPT SCRIPT FOLDER`. As root it starts itself anew as an unprivileged user, for
// mariadbd refuses to run as root. Its standard input is a pipe that only the test program holds
// open: when that ends, by whatever cause, `cat` returns and server and folder go. The server does
// not sync its files (the sync at COMMIT is asked for all the same): no power fails here, and the
// machine's disk would decide how long the tests take.
constexpr const char* kScript = R"sh(
dir=$1
if [ "$(id -u)" = 0 ]; then
  user=nobody; id -u mysql >/dev/null 2>&1 && user=mysql
  chown "$user" "$dir"
  exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups sh -c "$0" "$0" "$dir"
fi
cd "$dir" || exit 1
common="--no-defaults --datadir=$dir/data --skip-name-resolve --innodb-file-per-table=0 --innodb-log-file-size=8M
  --innodb-flush-method=nosync --debug-no-sync"
# --force: a bare root has no host name that can be looked up.
mariadb-install-db $common --force --auth-root-authentication-method=normal --skip-test-db \
  >install.log 2>&1
/usr/sbin/mariadbd $common --socket="$dir/s" --log-error="$dir/err.log" \
  --tmpdir="$dir" --skip-networking --innodb-buffer-pool-size=64M </dev/null >/dev/null 2>&1 &
server=$!
cat >/dev/null
exec 2>/dev/null
kill -9 "$server"
wait "$server"
rm -rf "$dir"
)sh";

bool is_installed() {
  return fs::exists("/usr/sbin/mariadbd");
}

/// Starts the script in a session of its own, so that Ctrl-C reaches the test program only.
void start(const std::string& folder) {
  int life[2];
  if (::pipe2(life, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child > 0) {
    ::close(life[0]);
    return;  // life[1] stays open as long as this process lives
  }
  ::setsid();
  ::dup2(life[0], STDIN_FILENO);
  ::execl("/bin/sh", "sh", "-c", kScript, kScript, folder.c_str(), nullptr);
  ::_exit(127);
}

std::string read_all(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::unique_ptr<Database> wait_until_open(const std::string& url, const fs::path& folder) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  for (;;) {
    auto database = open_database(url);
    if (database) return std::move(*database);
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("mariadbd did not start: " + database.error().cause +
                               read_all(folder / "install.log") + read_all(folder / "err.log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

PrivateMariaDb* PrivateMariaDb::instance() {
  if (!is_installed()) {
    if (std::getenv("CI")) FAIL("mariadbd is not installed, and CI must run these tests");
    static const bool once =
        static_cast<bool>(std::cout << "chucai: skipped (mariadbd is not installed)\n"
                                    << std::flush);
    (void)once;
    return nullptr;
  }
  static PrivateMariaDb server;
  return &server;
}

namespace {

// In memory where there is room: the server syncs at every commit and every piece of DDL, and what
// the tests check is the process dying, not the machine. Short: a socket path has at most 107
// bytes.
std::string base_folder() {
  constexpr std::uintmax_t kRoom = 512 << 20;
  std::error_code error;
  const auto space = std::filesystem::space("/dev/shm", error);
  return !error && space.available > kRoom && ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

}  // namespace

PrivateMariaDb::PrivateMariaDb() {
  std::string pattern = base_folder() + "/chucai-db-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  folder_ = pattern;
  start(pattern);
  root_ = wait_until_open(url("root", "mysql"), folder_);
}

std::string PrivateMariaDb::url(std::string_view account, std::string_view schema,
                                std::string_view options) const {
  std::string url = "mysql://" + std::string(account) + "@/" + std::string(schema) +
                    "?socket=" + (folder_ / "s").string();
  if (!options.empty()) url.append("&").append(options);
  return url;
}

std::string PrivateMariaDb::fresh_schema(std::string_view options) {
  const std::string schema = "test_" + std::to_string(++schemas_);
  administer("CREATE DATABASE " + schema);  // with the server's collation, as an office would
  return url("root", schema, options);
}

void PrivateMariaDb::administer(const std::string& sql) {
  const Done done = root_->outside_transaction([&](Connection& connection) -> Done {
    connection.execute(sql);
    return {};
  });
  if (!done) throw std::runtime_error(sql + ": " + done.error().cause);
}

}  // namespace chucai::testing
