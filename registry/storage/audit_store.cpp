#include "registry/storage/audit_store.h"

#include <map>

namespace chucai {
namespace {

constexpr std::string_view kSelectHead = "SELECT seq, hash FROM audit_chain WHERE chain = ?";
constexpr std::string_view kInsertHead =
    "INSERT INTO audit_chain (chain, seq, hash) VALUES (?, ?, ?)";
constexpr std::string_view kUpdateHead = "UPDATE audit_chain SET seq = ?, hash = ? WHERE chain = ?";
constexpr std::string_view kInsertEvent =
    "INSERT INTO audit_event (id, chain, seq, at, actor, role, action, record_type, record_id,"
    " detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kSelectEvents =
    "SELECT seq, at, actor, role, action, record_type, record_id, detail, hash"
    " FROM audit_event WHERE chain = ? AND seq > ? ORDER BY seq LIMIT 5000";

struct Head {
  std::int64_t sequence = 0;
  std::string hash = std::string(32, '\0');
};

void put(std::string& out, std::string_view text) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out += static_cast<char>(text.size() >> shift & 0xFF);
  }
  out += text;
}

void put(std::string& out, std::int64_t number) {
  put(out, std::to_string(number));
}

// Length-prefixed, so that no two events have the same bytes.
std::string canonical(std::int64_t chain, std::int64_t sequence, std::int64_t at,
                      std::string_view actor, std::string_view role, const AuditEntry& entry) {
  std::string bytes;
  put(bytes, chain);
  put(bytes, sequence);
  put(bytes, at);
  put(bytes, actor);
  put(bytes, role);
  put(bytes, entry.action);
  put(bytes, entry.record_type);
  put(bytes, entry.record_id);
  put(bytes, entry.detail);
  return bytes;
}

std::string next_hash(const Vault& vault, const Head& head, const std::string& bytes) {
  return hmac_sha256(vault.audit_key(), head.hash + bytes);
}

Head lock_head(Connection& db, std::int64_t chain) {
  std::string sql(kSelectHead);
  if (db.dialect() == Dialect::MariaDb) sql += " FOR UPDATE";
  Statement& select = db.prepare(sql);
  select.bind(0, chain);
  Head head;
  if (select.step()) {
    head = {select.integer(0), select.blob(1)};
    select.reset();
    return head;
  }
  db.prepare(kInsertHead).bind(0, chain).bind(1, head.sequence).bind_blob(2, head.hash).run();
  return head;
}

// Checks one chain; nullopt when it is intact.
std::optional<AuditReport::Bad> check_chain(Connection& db, const Vault& vault, std::int64_t chain,
                                            std::int64_t length, std::int64_t& events) {
  Head head;
  while (true) {
    Statement& select = db.prepare(kSelectEvents);
    select.bind(0, chain).bind(1, head.sequence);
    int rows = 0;
    while (select.step()) {
      ++rows;
      ++events;
      const std::int64_t sequence = select.integer(0);
      const AuditEntry entry{select.text(4), select.text(5), select.integer(6), select.text(7)};
      const std::string bytes =
          canonical(chain, sequence, select.integer(1), select.text(2), select.text(3), entry);
      const std::string hash = next_hash(vault, head, bytes);
      if (sequence != head.sequence + 1 || hash != select.blob(8)) {
        const std::string kind = sequence != head.sequence + 1 ? "gap" : "edit";
        select.reset();
        return AuditReport::Bad{chain, head.sequence + 1, kind};
      }
      head = {sequence, hash};
    }
    if (rows == 0) break;
  }
  if (head.sequence != length) return AuditReport::Bad{chain, head.sequence + 1, "truncate"};
  return std::nullopt;
}

}  // namespace

void AuditTrail::append(Connection& db, const AuditContext& context,
                        std::span<const AuditEntry> entries) const {
  if (entries.empty()) return;
  Head head = lock_head(db, chain_);
  for (const AuditEntry& entry : entries) {
    const std::int64_t sequence = head.sequence + 1;
    const std::string bytes =
        canonical(chain_, sequence, context.at, context.actor, context.role, entry);
    head = {sequence, next_hash(*vault_, head, bytes)};
    db.prepare(kInsertEvent)
        .bind(0, context.new_id())
        .bind(1, chain_)
        .bind(2, sequence)
        .bind(3, context.at)
        .bind_text(4, context.actor)
        .bind_text(5, context.role)
        .bind_text(6, entry.action)
        .bind_text(7, entry.record_type)
        .bind(8, entry.record_id)
        .bind_text(9, entry.detail)
        .bind_blob(10, head.hash)
        .run();
  }
  db.prepare(kUpdateHead).bind(0, head.sequence).bind_blob(1, head.hash).bind(2, chain_).run();
}

AuditReport verify_audit(Connection& db, const Vault& vault) {
  std::map<std::int64_t, std::int64_t> chains;
  // Chains are named by their events too, so that a deleted head does not hide them.
  Statement& heads = db.prepare(
      "SELECT chain, seq FROM audit_chain"
      " UNION ALL SELECT DISTINCT chain, 0 FROM audit_event WHERE seq = 1");
  while (heads.step()) {
    auto& length = chains[heads.integer(0)];
    length = std::max(length, heads.integer(1));
  }
  AuditReport report;
  report.chains = static_cast<std::int64_t>(chains.size());
  for (const auto& [chain, length] : chains) {
    report.first_bad = check_chain(db, vault, chain, length, report.events);
    if (report.first_bad) break;
  }
  return report;
}

std::int64_t change_version(Connection& db) {
  Statement& select = db.prepare("SELECT COALESCE(SUM(seq), 0) FROM audit_chain");
  select.step();
  const std::int64_t version = select.integer(0);
  select.reset();
  return version;
}

}  // namespace chucai
