// MariaDB and MySQL through Connector/C++ 1.1; the only user of its headers. What the connector
// does wrong decides the shape of this file:
// - Connection::commit, rollback and setAutoCommit drop the server's error: transactions are text.
// - It reconnects in silence and ignores options it does not know: neither is used.
// - executing a query without fetching its rows makes the connection useless: all are drained.
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/parameter_metadata.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <algorithm>
#include <deque>

#include "registry/storage/connection_pool.h"
#include "registry/storage/drivers.h"

namespace chucai {

namespace {

constexpr int kConnectTimeoutSeconds = 5;
constexpr std::chrono::seconds kMaintenanceTimeout = std::chrono::hours(12);  // ALTER TABLE

// One SQL text must mean the same on both databases; what differs by default is set here. The
// collation compares bytes and does not pad, as SQLite's BINARY; utf8mb4_general_ci holds all
// characters outside the basic plane to be equal. It is not given to SET NAMES, for then results
// carry its number, which the connector does not know. Waiting for a row ends as SQLite's busy
// timeout does.
constexpr const char* kSessionSetup[] = {
    "SET NAMES utf8mb4",
    "SET SESSION collation_connection = 'utf8mb4_nopad_bin', sql_mode = "
    "'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,"
    "NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', time_zone = '+00:00', "
    "innodb_lock_wait_timeout = 5",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
};

/// Codes of the server (1000 and up) and of its client library (2000 and up).
DbFailure kind_of(int code) {
  switch (code) {
    case 1062:  // duplicate entry
      return DbFailure::Unique;
    case 1451:  // still referred to
    case 1452:  // refers to nothing
      return DbFailure::ForeignKey;
    case 1048:  // NULL in NOT NULL
    case 1264:  // number out of range
    case 1292:  // not a value of the type
    case 1364:  // no value and no default
    case 1366:  // not text of the character set, not a number
    case 1406:  // too long for the column
    case 4025:  // CHECK
      return DbFailure::Check;
    case 1020:  // record changed since last read
    case 1205:  // lock wait timeout
    case 1213:  // deadlock; certification failure on Galera, also at COMMIT
    case 1243:  // statement handle unknown to the server: prepared anew by the next attempt
    case 2030:  // statement not prepared
    case 2057:  // columns of a prepared statement changed
      return DbFailure::Conflict;
    case 1040:  // too many connections
    case 1047:  // cluster node not primary
    case 1290:  // read-only server
      return DbFailure::NotReady;
    case 1053:  // server shutting down
    case 1927:  // connection killed
    case 2002:
    case 2003:
    case 2006:
    case 2013:
    case 2014:  // out of sync: of no further use
    case 2055:
      return DbFailure::Lost;
    case 1317:  // query interrupted
    case 1969:  // max_statement_time
      return DbFailure::Timeout;
    case 1105:  // over max_allowed_packet
    case 1153:
      return DbFailure::TooLarge;
    case 1021:
    case 1114:
      return DbFailure::Full;
    case 1054:
    case 1064:
    case 1146:
      return DbFailure::Schema;
    default:
      return DbFailure::Other;
  }
}

/// "number" in "Duplicate entry 'P-1' for key 'number'"; MySQL 8 writes 'table.number'.
std::string key_name(std::string_view message) {
  const auto end = message.rfind('\'');
  if (end == std::string_view::npos || end == 0) return {};
  const auto begin = message.find_last_of("'.", end - 1);
  return std::string(message.substr(begin + 1, end - begin - 1));
}

/// Messages that quote a bound value keep only what follows it: personal data stays out of logs.
std::string without_value(int code, const std::string& message) {
  if (code != 1062 && code != 1264 && code != 1292 && code != 1366) return message;
  const auto tail = message.rfind(" for ");
  return tail == std::string::npos ? "value refused" : "value refused" + message.substr(tail);
}

[[noreturn]] void raise(const sql::SQLException& error) {
  const int code = error.getErrorCode();
  const DbFailure kind = kind_of(code);
  throw DbError(kind, code,
                "mariadb " + std::to_string(code) + ": " + without_value(code, error.what()),
                kind == DbFailure::Unique ? key_name(error.what()) : std::string());
}

/// Runs `call`, turning the connector's exceptions into ours.
template <class Call>
decltype(auto) translated(Call call) {
  try {
    return call();
  } catch (const sql::SQLException& error) {
    raise(error);
  }
}

unsigned position(int index) {
  return static_cast<unsigned>(index) + 1;
}

sql::SQLString connector_text(std::string_view text) {
  return sql::SQLString(text.data() ? text.data() : "", text.size());
}

class MySqlStatement final : public Statement {
  /// Runs `call`; when it fails the statement is reset, so that it can be used again.
  template <class Call>
  auto attempted(Call call) {
    try {
      return call();
    } catch (const sql::SQLException& error) {
      reset();
      const int code = error.getErrorCode();
      stale_ = code == 1243 || code == 2030 || code == 2057;
      raise(error);
    }
  }

 public:
  MySqlStatement(sql::Connection& connection, std::string_view sql)
      : statement_(connection.prepareStatement(connector_text(sql))),
        bound_(static_cast<std::size_t>(statement_->getParameterMetaData()->getParameterCount())) {}

  Statement& bind_null(int index) override {
    translated([&] { statement_->setNull(position(index), sql::DataType::VARCHAR); });
    return noted(index);
  }
  Statement& bind(int index, std::int64_t value) override {
    translated([&] { statement_->setInt64(position(index), value); });
    return noted(index);
  }
  Statement& bind_text(int index, std::string_view utf8) override {
    translated([&] { statement_->setString(position(index), connector_text(utf8)); });
    return noted(index);
  }
  /// The server converts nothing on the way into a BLOB or VARBINARY column.
  Statement& bind_blob(int index, std::string_view bytes) override {
    return bind_text(index, bytes);
  }

  bool step() override {
    return attempted([&] {
      if (!rows_) {
        bind_the_rest();
        rows_.reset(statement_->executeQuery());
      }
      if (rows_->next()) return true;
      reset();
      return false;
    });
  }
  std::int64_t run() override {
    reset();
    return attempted([&] {
      bind_the_rest();
      return std::int64_t{statement_->executeUpdate()};
    });
  }
  void reset() override { rows_.reset(); }
  void unbind() { bound_.assign(bound_.size(), false); }
  /// True when the server no longer knows the statement, so that it must be prepared anew.
  bool stale() const { return stale_; }

  bool is_null(int column) override {
    return translated([&] { return rows_->isNull(position(column)); });
  }
  std::int64_t integer(int column) override {
    return translated([&] { return rows_->getInt64(position(column)); });
  }
  std::string text(int column) override {
    return translated([&]() -> std::string { return rows_->getString(position(column)); });
  }
  std::string blob(int column) override { return text(column); }
  std::string_view view(int column) override {
    // The connector hands out copies: one buffer a column keeps the views of a row apart.
    const auto at = static_cast<std::size_t>(column);
    if (buffers_.size() <= at) buffers_.resize(at + 1);
    return buffers_[at] = text(column);
  }

 private:
  Statement& noted(int index) {
    bound_[static_cast<std::size_t>(index)] = true;
    return *this;
  }
  /// What nobody bound since unbind() is NULL; thousands of parameters are bound anew each time.
  void bind_the_rest() {
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      if (!bound_[i]) statement_->setNull(static_cast<unsigned>(i) + 1, sql::DataType::VARCHAR);
    }
  }

  std::unique_ptr<sql::PreparedStatement> statement_;
  std::vector<bool> bound_;
  std::unique_ptr<sql::ResultSet> rows_;
  std::deque<std::string> buffers_;  // a deque, so that growing moves none
  bool stale_ = false;
};

sql::ConnectOptionsMap connect_options(const MySqlAddress& address, std::chrono::seconds timeout) {
  const std::string where = address.socket.empty()
                                ? "tcp://" + address.host + ":" + std::to_string(address.port)
                                : "unix://" + address.socket;
  const int seconds = static_cast<int>(timeout.count());
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(where);
  options["userName"] = sql::SQLString(address.user);
  options["password"] = sql::SQLString(address.password);
  options["schema"] = sql::SQLString(address.schema);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["OPT_CONNECT_TIMEOUT"] = std::min(seconds, kConnectTimeoutSeconds);
  options["OPT_READ_TIMEOUT"] = seconds;
  options["OPT_WRITE_TIMEOUT"] = seconds;
  options["CLIENT_FOUND_ROWS"] = true;  // UPDATE counts the rows it matched, as in SQLite
  return options;
}

/// libmysqlclient wants each thread that uses it announced; over libmariadb this does nothing.
void announce_thread() {
  struct Announced {
    Announced() { sql::mysql::get_mysql_driver_instance()->threadInit(); }
    ~Announced() { sql::mysql::get_mysql_driver_instance()->threadEnd(); }
    Announced(const Announced&) = delete;
    Announced& operator=(const Announced&) = delete;
  };
  thread_local const Announced announced;
}

class MySqlConnection final : public Connection {
 public:
  MySqlConnection(const MySqlAddress& address, std::chrono::seconds timeout) {
    translated([&] {
      sql::ConnectOptionsMap options = connect_options(address, timeout);
      connection_.reset(sql::mysql::get_mysql_driver_instance()->connect(options));
      text_.reset(connection_->createStatement());
    });
    for (const char* sql : kSessionSetup) execute(sql);
    // On Galera a read must see what this process committed through another node.
    if (server_variable("wsrep_on") == "ON") execute("SET SESSION wsrep_sync_wait = 1");
  }

  Dialect dialect() const override { return Dialect::MariaDb; }

  Statement& prepare(std::string_view sql) override {
    MySqlStatement* const kept = statements_.find(sql);
    return translated([&]() -> Statement& {
      if (!kept || kept->stale()) {
        return statements_.keep(sql, std::make_unique<MySqlStatement>(*connection_, sql));
      }
      kept->reset();
      kept->unbind();
      return *kept;
    });
  }

  void execute(std::string_view sql) override {
    announce_thread();  // each use of a pooled connection begins here
    translated([&] {
      bool has_rows = text_->execute(connector_text(sql));
      while (has_rows) {
        std::unique_ptr<sql::ResultSet>(text_->getResultSet()).reset();
        has_rows = text_->getMoreResults();
      }
    });
  }

  void reset_statements() override { statements_.reset(); }

  /// The value in this session; empty when the server has no such variable.
  std::string server_variable(std::string_view name) {
    Statement& query = prepare("SHOW SESSION VARIABLES WHERE Variable_name = ?");
    query.bind_text(0, name);
    const std::string value = query.step() ? query.text(1) : std::string();
    query.reset();
    return value;
  }

 private:
  std::unique_ptr<sql::Connection> connection_;  // before the statements, which must go first
  std::unique_ptr<sql::Statement> text_;
  StatementCache<MySqlStatement> statements_;
};

std::shared_ptr<ConnectionPool> make_pool(const MySqlAddress& address, std::size_t connections,
                                          std::chrono::seconds timeout) {
  return std::make_shared<ConnectionPool>(connections, [address, timeout] {
    return std::make_unique<MySqlConnection>(address, timeout);
  });
}

}  // namespace

Result<std::unique_ptr<Database>> open_mysql(const MySqlAddress& address) {
  MySqlConnection probe(address, address.timeout);
  if (const std::string flush = probe.server_variable("innodb_flush_log_at_trx_commit");
      flush != "1") {
    return fail(ErrorCode::FailedPrecondition, "storage.not_durable", "database", {flush});
  }
  const auto pool = make_pool(address, address.connections, address.timeout);
  return std::make_unique<Database>(
      Dialect::MariaDb,
      Database::Pools{
          .read = pool, .write = pool, .maintain = make_pool(address, 1, kMaintenanceTimeout)});
}

}  // namespace chucai
