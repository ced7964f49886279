#include "registry/storage/health_store.h"

namespace chucai {
namespace {

std::int64_t one_integer(Statement& query) {
  const std::int64_t value = query.step() ? query.integer(0) : 0;
  query.reset();
  return value;
}

}  // namespace

std::string quick_check(Connection& db) {
  if (db.dialect() != Dialect::Sqlite) return {};
  Statement& check = db.prepare("PRAGMA quick_check(1)");
  const std::string finding = check.step() ? check.text(0) : "no answer";
  check.reset();
  return finding == "ok" ? std::string() : finding;
}

std::int64_t broken_chain_heads(Connection& db) {
  return one_integer(
      db.prepare("SELECT COUNT(*) FROM audit_chain c"
                 " LEFT JOIN audit_event e ON e.chain = c.chain AND e.seq = c.seq"
                 " WHERE c.seq > 0 AND (e.hash IS NULL OR e.hash <> c.hash)"));
}

std::int64_t unnumbered_changes(Connection& db, std::int64_t most) {
  Statement& count = db.prepare(
      "SELECT COUNT(*) FROM (SELECT version FROM change_feed"
      " WHERE seq IS NULL LIMIT ?) AS waiting");
  return one_integer(count.bind(0, most));
}

}  // namespace chucai
