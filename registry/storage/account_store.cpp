#include "registry/storage/account_store.h"

#include "registry/domain/region_map.h"

namespace chucai {
namespace {

// A second factor counts once its owner has shown a first code of it.
constexpr std::string_view kColumns =
    "account.id, version, name, role, region, person, totp_confirmed, disabled, created_at,"
    " created_by";
constexpr int kColumnCount = 10;

Account read_account(Statement& row) {
  return {row.integer(0), row.integer(1),      row.text(2),         row.text(3),    row.text(4),
          row.integer(5), row.integer(6) != 0, row.integer(7) != 0, row.integer(8), row.text(9)};
}

std::optional<Account> one_account(Statement& select) {
  if (!select.step()) return std::nullopt;
  Account account = read_account(select);
  select.reset();
  return account;
}

std::string select_accounts(std::string_view rest) {
  return "SELECT " + std::string(kColumns) + " FROM account" + std::string(rest);
}

bool finds_row(Statement& select) {
  const bool found = select.step();
  select.reset();
  return found;
}

void bind_person(Statement& statement, int index, std::int64_t person) {
  if (person == 0) {
    statement.bind_null(index);
  } else {
    statement.bind(index, person);
  }
}

}  // namespace

void insert_account(Connection& db, const Account& account, const AccountSecrets& secrets) {
  Statement& insert = db.prepare(
      "INSERT INTO account (id, version, name, password, role, region, person, totp_confirmed,"
      " totp_step, disabled, created_at, created_by) VALUES (?, 1, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)");
  insert.bind(0, account.id)
      .bind_text(1, account.name)
      .bind_text(2, secrets.password)
      .bind_text(3, account.role)
      .bind_text(4, account.region)
      .bind(6, account.created_at)
      .bind_text(7, account.created_by);
  bind_person(insert, 5, account.person);
  insert.run();
}

std::optional<Account> load_account(Connection& db, const Scope& scope, std::int64_t id) {
  const CodeRange range = subtree(scope.region);
  return one_account(db.prepare(select_accounts(" WHERE region >= ? AND region < ? AND id = ?"))
                         .bind_text(0, range.from)
                         .bind_text(1, range.below)
                         .bind(2, id));
}

std::optional<Account> account_named(Connection& db, std::string_view name) {
  return one_account(db.prepare(select_accounts(" WHERE name = ?")).bind_text(0, name));
}

std::vector<Account> list_accounts(Connection& db, const Scope& scope, std::string_view after,
                                   int limit) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(
      select_accounts(" WHERE region >= ? AND region < ? AND name > ? ORDER BY name LIMIT ?"));
  select.bind_text(0, range.from).bind_text(1, range.below).bind_text(2, after).bind(3, limit);
  std::vector<Account> accounts;
  while (select.step()) accounts.push_back(read_account(select));
  return accounts;
}

std::int64_t count_accounts(Connection& db) {
  Statement& select = db.prepare("SELECT COUNT(*) FROM account");
  const std::int64_t count = select.step() ? select.integer(0) : 0;
  select.reset();
  return count;
}

bool update_account(Connection& db, const Account& account) {
  Statement& update = db.prepare(
      "UPDATE account SET version = version + 1, role = ?, region = ?, person = ?, disabled = ?"
      " WHERE id = ? AND version = ?");
  update.bind_text(0, account.role)
      .bind_text(1, account.region)
      .bind(3, account.disabled ? 1 : 0)
      .bind(4, account.id)
      .bind(5, account.version);
  bind_person(update, 2, account.person);
  return update.run() == 1;
}

AccountSecrets secrets_of(Connection& db, std::int64_t account) {
  Statement& select = db.prepare(
      "SELECT password, totp_sealed, totp_confirmed, totp_step FROM account WHERE id = ?");
  select.bind(0, account);
  if (!select.step()) return {};
  AccountSecrets secrets{select.text(0), select.blob(1), select.integer(2) != 0, select.integer(3)};
  select.reset();
  return secrets;
}

void set_password(Connection& db, std::int64_t account, std::string_view hash) {
  db.prepare("UPDATE account SET password = ?, version = version + 1 WHERE id = ?")
      .bind_text(0, hash)
      .bind(1, account)
      .run();
}

void set_totp(Connection& db, std::int64_t account, std::string_view sealed, bool confirmed) {
  Statement& update = db.prepare(
      "UPDATE account SET totp_sealed = ?, totp_confirmed = ?, version = version + 1 WHERE id = ?");
  update.bind(1, confirmed ? 1 : 0).bind(2, account);
  if (!sealed.empty()) update.bind_blob(0, sealed);
  update.run();
}

bool take_totp_step(Connection& db, std::int64_t account, std::int64_t step) {
  return db.prepare("UPDATE account SET totp_step = ? WHERE id = ? AND totp_step < ?")
             .bind(0, step)
             .bind(1, account)
             .bind(2, step)
             .run() == 1;
}

void replace_recovery_codes(Connection& db, std::int64_t account,
                            const std::vector<std::string>& digests) {
  db.prepare("DELETE FROM recovery_code WHERE account = ?").bind(0, account).run();
  for (const std::string& digest : digests) {
    db.prepare("INSERT INTO recovery_code (digest, account) VALUES (?, ?)")
        .bind_blob(0, digest)
        .bind(1, account)
        .run();
  }
}

bool take_recovery_code(Connection& db, std::int64_t account, std::string_view digest) {
  return db.prepare("DELETE FROM recovery_code WHERE digest = ? AND account = ?")
             .bind_blob(0, digest)
             .bind(1, account)
             .run() == 1;
}

void insert_session(Connection& db, std::string_view digest, const SessionRow& session) {
  db.prepare(
        "INSERT INTO session (digest, account, strong, begun_at, used_at)"
        " VALUES (?, ?, ?, ?, ?)")
      .bind_blob(0, digest)
      .bind(1, session.account)
      .bind(2, session.strong ? 1 : 0)
      .bind(3, session.begun_at)
      .bind(4, session.used_at)
      .run();
}

std::optional<OpenSession> session_with_digest(Connection& db, std::string_view digest) {
  Statement& select = db.prepare("SELECT " + std::string(kColumns) +
                                 ", strong, begun_at, used_at FROM session JOIN account"
                                 " ON account.id = session.account WHERE digest = ?");
  select.bind_blob(0, digest);
  if (!select.step()) return std::nullopt;
  OpenSession open;
  open.account = read_account(select);
  open.session = {open.account.id, select.integer(kColumnCount) != 0,
                  select.integer(kColumnCount + 1), select.integer(kColumnCount + 2)};
  select.reset();
  return open;
}

void touch_session(Connection& db, std::string_view digest, std::int64_t at) {
  db.prepare("UPDATE session SET used_at = ? WHERE digest = ?")
      .bind(0, at)
      .bind_blob(1, digest)
      .run();
}

void delete_session(Connection& db, std::string_view digest) {
  db.prepare("DELETE FROM session WHERE digest = ?").bind_blob(0, digest).run();
}

void delete_sessions(Connection& db, std::int64_t account, std::string_view except) {
  db.prepare("DELETE FROM session WHERE account = ? AND digest <> ?")
      .bind(0, account)
      .bind_blob(1, except)
      .run();
}

void delete_old_sessions(Connection& db, std::int64_t begun, std::int64_t used) {
  db.prepare("DELETE FROM session WHERE begun_at < ? OR used_at < ?")
      .bind(0, begun)
      .bind(1, used)
      .run();
}

Failures failures_under(Connection& db, std::string_view digest) {
  Statement& select = db.prepare("SELECT failures, last_at FROM sign_in_failure WHERE digest = ?");
  select.bind_blob(0, digest);
  if (!select.step()) return {};
  const Failures failures{select.integer(0), select.integer(1)};
  select.reset();
  return failures;
}

void save_failures(Connection& db, std::string_view digest, const Failures& failures) {
  Statement& update =
      db.prepare("UPDATE sign_in_failure SET failures = ?, last_at = ? WHERE digest = ?");
  update.bind(0, failures.count).bind(1, failures.last_at).bind_blob(2, digest);
  if (update.run() > 0) return;
  db.prepare("INSERT INTO sign_in_failure (failures, last_at, digest) VALUES (?, ?, ?)")
      .bind(0, failures.count)
      .bind(1, failures.last_at)
      .bind_blob(2, digest)
      .run();
}

void forget_failures(Connection& db, std::string_view digest) {
  db.prepare("DELETE FROM sign_in_failure WHERE digest = ?").bind_blob(0, digest).run();
}

void remember_network(Connection& db, std::int64_t account, std::string_view network,
                      std::int64_t at) {
  Statement& update =
      db.prepare("UPDATE known_network SET seen_at = ? WHERE account = ? AND network = ?");
  if (update.bind(0, at).bind(1, account).bind_blob(2, network).run() > 0) return;
  db.prepare("INSERT INTO known_network (account, network, seen_at) VALUES (?, ?, ?)")
      .bind(0, account)
      .bind_blob(1, network)
      .bind(2, at)
      .run();
}

bool is_known_network(Connection& db, std::int64_t account, std::string_view network) {
  return finds_row(db.prepare("SELECT 1 FROM known_network WHERE account = ? AND network = ?")
                       .bind(0, account)
                       .bind_blob(1, network));
}

}  // namespace chucai
