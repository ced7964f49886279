#include "registry/storage/audit_store.h"

#include <algorithm>
#include <array>
#include <future>
#include <limits>
#include <map>

#include "registry/storage/row_writer.h"

namespace chucai {
namespace {

constexpr int kPage = 5000;  // keeps MariaDB's buffered result sets small
constexpr std::size_t kOwnCode = 16;
constexpr std::size_t kCodedAtOnce = 1024;
constexpr std::string_view kSelectHead = "SELECT seq, hash FROM audit_chain WHERE chain = ?";
constexpr std::string_view kInsertHead =
    "INSERT INTO audit_chain (chain, seq, hash) VALUES (?, ?, ?)";
constexpr std::string_view kUpdateHead = "UPDATE audit_chain SET seq = ?, hash = ? WHERE chain = ?";
constexpr const char* kInsertEvents =
    "INSERT INTO audit_event (id, chain, seq, at, actor, role, action, record_type, record_id,"
    " detail, mac, hash)";
constexpr std::string_view kSelectEvents =
    "SELECT id, chain, seq, at, actor, role, action, record_type, record_id, detail, mac, hash"
    " FROM audit_event";

/// What an event says; the texts lie elsewhere.
struct Event {
  std::int64_t id = 0;
  std::int64_t chain = 0;
  std::int64_t at = 0;
  std::string_view actor;
  std::string_view role;
  std::string_view action;
  std::string_view record_type;
  std::int64_t record_id = 0;
  std::string_view detail;
};

/// A row of audit_event: the event, its place and its two codes.
struct Row {
  Event event;
  std::int64_t sequence = 0;
  std::string_view own;  ///< empty: written before schema 5
  std::string_view chained;
};

Row row_of(Statement& row) {
  return {{row.integer(0), row.integer(1), row.integer(3), row.view(4), row.view(5), row.view(6),
           row.view(7), row.integer(8), row.view(9)},
          row.integer(2),
          row.view(10),
          row.view(11)};
}

/// A row that outlives the statement it was read from.
class KeptRow {
 public:
  explicit KeptRow(const Row& row) : row_(row) {
    std::string_view* const views[] = {
        &row_.event.actor,  &row_.event.role, &row_.event.action, &row_.event.record_type,
        &row_.event.detail, &row_.own,        &row_.chained};
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      texts_[i] = *views[i];
      *views[i] = texts_[i];
    }
  }
  KeptRow(const KeptRow&) = delete;
  KeptRow& operator=(const KeptRow&) = delete;
  const Row& operator*() const { return row_; }
  const Row* operator->() const { return &row_; }

 private:
  Row row_;
  std::array<std::string, 7> texts_;
};

void put(std::string& out, std::int64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xFF);
  }
}

void put(std::string& out, std::string_view text) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out += static_cast<char>(text.size() >> shift & 0xFF);
  }
  out += text;
}

// Fixed widths and length prefixes, so that no two events have the same bytes. Without the chain,
// which is part of the place.
void put(std::string& out, const Event& event) {
  for (const std::int64_t number : {event.id, event.at, event.record_id}) {
    put(out, number);
  }
  for (const std::string_view text :
       {event.actor, event.role, event.action, event.record_type, event.detail}) {
    put(out, text);
  }
}

/// Computes the codes of events. One thread at a time.
class EventCodes {
 public:
  explicit EventCodes(const Vault& vault) : mac_(vault.trail_key()), old_mac_(vault.audit_key()) {}

  /// The code that says that the event happened; valid until the next call.
  std::string_view own(const Event& event) {
    bytes_.assign(1, 'e');
    put(bytes_, event);
    return mac_.of(bytes_).substr(0, kOwnCode);
  }

  /// The code that says that it followed the event whose chained code is `before`; likewise.
  std::string_view chained(std::string_view before, std::int64_t sequence, const Event& event,
                           std::string_view own) {
    if (own.empty()) return chained_before_schema_5(before, sequence, event);
    bytes_.assign(1, 'h');
    bytes_ += before;
    put(bytes_, event.chain);
    put(bytes_, sequence);
    bytes_ += own;
    put(bytes_, event);
    return mac_.of(bytes_);
  }

 private:
  // Numbers in decimal, and nothing that ties the event to its id.
  std::string_view chained_before_schema_5(std::string_view before, std::int64_t sequence,
                                           const Event& event) {
    const auto put_decimal = [this](std::int64_t number) {
      put(bytes_, std::string_view(std::to_string(number)));
    };
    bytes_ = before;
    put_decimal(event.chain);
    put_decimal(sequence);
    put_decimal(event.at);
    for (const auto text : {event.actor, event.role, event.action, event.record_type}) {
      put(bytes_, text);
    }
    put_decimal(event.record_id);
    put(bytes_, event.detail);
    return old_mac_.of(bytes_);
  }

  Mac mac_;
  Mac old_mac_;
  std::string bytes_;  // kept, so that a row allocates nothing
};

ChainPlace lock_head(Connection& db, std::int64_t chain) {
  std::string sql(kSelectHead);
  if (db.dialect() == Dialect::MariaDb) sql += " FOR UPDATE";
  Statement& select = db.prepare(sql);
  select.bind(0, chain);
  ChainPlace head{chain};
  if (select.step()) {
    head.sequence = select.integer(0);
    head.hash = select.blob(1);
    select.reset();
    return head;
  }
  db.prepare(kInsertHead).bind(0, chain).bind(1, head.sequence).bind_blob(2, head.hash).run();
  return head;
}

/// One check of the whole trail on one view of the database.
class Verifier {
 public:
  Verifier(Connection& db, const Vault& vault, std::span<const ChainPlace> checkpoints)
      : db_(db), codes_(vault) {
    for (const ChainPlace& place : checkpoints) chains_[place.chain].known[place.sequence] = place;
    Statement& heads = db.prepare("SELECT chain, seq, hash FROM audit_chain");
    while (heads.step()) {
      const std::int64_t chain = heads.integer(0);
      chains_[chain].head = {chain, heads.integer(1), 0, heads.blob(2)};
    }
    // A chain whose head was deleted is named by its events.
    Statement& named = db.prepare("SELECT DISTINCT chain FROM audit_event");
    while (named.step()) chains_.try_emplace(named.integer(0));
  }

  AuditReport run() {
    report_.chains = static_cast<std::int64_t>(chains_.size());
    for (const auto& [number, chain] : chains_) {
      report_.first_bad = check(number, chain);
      if (report_.first_bad) break;
    }
    return report_;
  }

 private:
  struct Chain {
    ChainPlace head;                           ///< as audit_chain says
    std::map<std::int64_t, ChainPlace> known;  ///< checkpoints by sequence
  };
  using Bad = AuditReport::Bad;

  std::optional<Bad> check(std::int64_t number, const Chain& chain) {
    ChainPlace place{number};
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    int rows = kPage;
    while (rows == kPage) {
      rows = 0;
      Statement& select = events_after(number, from);
      while (select.step()) {
        ++rows;
        const Row row = row_of(select);
        from = row.sequence;
        if (!follows(place, row)) {
          const KeptRow bad(row);
          select.reset();
          return diagnose(chain, place, &*bad);
        }
        place.sequence = row.sequence;
        place.event = row.event.id;
        place.hash = row.chained;
        if (contradicts(chain, place)) {
          return Bad{number, place.sequence, place.event, Tamper::Edit};
        }
        ++report_.events;
      }
    }
    return check_end(chain, place);
  }

  Statement& events_after(std::int64_t chain, std::int64_t sequence) {
    static const std::string sql =
        std::string(kSelectEvents) + " WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?";
    return db_.prepare(sql).bind(0, chain).bind(1, sequence).bind(2, kPage);
  }

  bool follows(const ChainPlace& place, const Row& row) {
    return row.sequence == place.sequence + 1 &&
           codes_.chained(place.hash, row.sequence, row.event, row.own) == row.chained;
  }

  // An older state of the database was put back and went on from there.
  static bool contradicts(const Chain& chain, const ChainPlace& place) {
    const auto known = chain.known.find(place.sequence);
    return known != chain.known.end() && known->second.hash != place.hash;
  }

  // How many events the chain has had, as head and checkpoints say. A head that ends in the last
  // good event speaks for the chain even when its number was changed.
  static std::int64_t known_length(const Chain& chain, const ChainPlace& good) {
    std::int64_t length = chain.head.hash == good.hash ? good.sequence : chain.head.sequence;
    if (!chain.known.empty()) length = std::max(length, chain.known.rbegin()->first);
    return length;
  }

  std::optional<Bad> check_end(const Chain& chain, const ChainPlace& end) {
    if (known_length(chain, end) > end.sequence) return missing_end(chain, end);
    if (chain.head.sequence == end.sequence && chain.head.hash == end.hash) return std::nullopt;
    return Bad{end.chain, end.sequence, end.event, Tamper::Edit};
  }

  Bad missing_end(const Chain& chain, const ChainPlace& end) {
    Bad bad{end.chain, end.sequence + 1, 0, Tamper::Truncate};
    if (find_next(end, nullptr) != Found::Nothing) {
      bad.kind = Tamper::Reorder;
      return bad;
    }
    std::int64_t lost = std::max(end.event, end.chain);  // ids grow with time: no later than this
    if (!chain.known.empty()) lost = std::max(lost, chain.known.rbegin()->second.event);
    Statement& newest = db_.prepare("SELECT MAX(id) FROM audit_event");
    if (newest.step() && newest.integer(0) > lost) bad.kind = Tamper::Delete;
    newest.reset();
    return bad;
  }

  // `row` stands where the event after `good` should.
  Bad diagnose(const Chain& chain, const ChainPlace& good, const Row* row) {
    const std::int64_t due = good.sequence + 1;
    const bool happened = is_genuine(*row);
    if (happened && row->sequence == due && only_hash_changed(chain, good, *row)) {
      return {good.chain, due, row->event.id, Tamper::Edit};
    }
    const Found found = find_next(good, happened ? nullptr : row);
    if (happened) {
      if (found == Found::Nothing) return {good.chain, due, 0, Tamper::Delete};
      return {good.chain, std::min(due, row->sequence), row->event.id, Tamper::Reorder};
    }
    if (found == Found::Mixed) return {good.chain, due, row->event.id, Tamper::Reorder};
    if (found == Found::Whole || row->sequence < due || due > known_length(chain, good)) {
      return {good.chain, row->sequence, row->event.id, Tamper::Insert};
    }
    if (row->sequence > due) return {good.chain, due, 0, Tamper::Delete};
    return {good.chain, due, row->event.id, Tamper::Edit};
  }

  // The event happened and stands at its place when what follows goes on from the code that it
  // should have.
  bool only_hash_changed(const Chain& chain, const ChainPlace& good, const Row& row) {
    const std::string should(codes_.chained(good.hash, row.sequence, row.event, row.own));
    if (chain.head.hash == should) return true;
    const auto known = chain.known.find(row.sequence);
    if (known != chain.known.end()) return known->second.hash == should;
    Statement& select = events_after(good.chain, row.sequence);
    const bool goes_on =
        select.step() && follows({good.chain, row.sequence, 0, should}, row_of(select));
    select.reset();
    return goes_on;
  }

  /// Whether the event that follows a place is still in the table, and how.
  enum class Found {
    Nothing,
    Whole,  ///< a row as it was, but for its chain and sequence
    Mixed,  ///< its columns are shared out between that row and another
  };

  Found find_next(const ChainPlace& place, const Row* suspect) {
    static const std::string sql = std::string(kSelectEvents) + " WHERE id > ? ORDER BY id LIMIT ?";
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    Found found = Found::Nothing;
    int rows = kPage;
    while (rows == kPage) {
      rows = 0;
      Statement& select = db_.prepare(sql).bind(0, from).bind(1, kPage);
      while (select.step()) {
        ++rows;
        const Row row = row_of(select);
        from = row.event.id;
        if (is_next(place, row, row.chained)) {
          select.reset();
          return Found::Whole;
        }
        if (suspect && shared_out(place, *suspect, row)) found = Found::Mixed;
      }
    }
    return found;
  }

  bool is_next(const ChainPlace& place, const Row& row, std::string_view chained) {
    Event event = row.event;
    event.chain = place.chain;
    return codes_.chained(place.hash, place.sequence + 1, event, row.own) == chained;
  }

  bool is_genuine(const Row& row) { return !row.own.empty() && codes_.own(row.event) == row.own; }

  // Two rows exchanged some of: their ids, what they say, their own codes, their chained codes.
  bool shared_out(const ChainPlace& place, const Row& suspect, const Row& other) {
    for (unsigned mix = 1; mix < 8; ++mix) {
      Row row = (mix & 1) != 0 ? other : suspect;
      row.event.id = ((mix & 2) != 0 ? other : suspect).event.id;
      row.own = ((mix & 4) != 0 ? other : suspect).own;
      if (is_next(place, row, suspect.chained) || is_next(place, row, other.chained)) {
        return !is_genuine(other);  // else the two merely say the same
      }
    }
    return false;
  }

  Connection& db_;
  EventCodes codes_;
  std::map<std::int64_t, Chain> chains_;
  AuditReport report_;
};

}  // namespace

void AuditTrail::append(Connection& db, const AuditContext& context,
                        std::span<const AuditEntry> entries) const {
  if (entries.empty()) return;
  ChainPlace head = lock_head(db, chain_);
  EventCodes codes(*vault_);
  using Rows = std::vector<std::vector<Cell>>;
  const auto rows_of = [&](std::span<const AuditEntry> some) {
    Rows rows;
    for (const AuditEntry& entry : some) {
      const Event event{context.new_id(),  chain_,          context.at,
                        context.actor,     context.role,    entry.action,
                        entry.record_type, entry.record_id, entry.detail};
      const std::string own(codes.own(event));
      head.hash = codes.chained(head.hash, ++head.sequence, event, own);
      head.event = event.id;
      rows.push_back({event.id, event.chain, head.sequence, event.at, context.actor, context.role,
                      entry.action, entry.record_type, event.record_id, entry.detail, Blob{own},
                      Blob{head.hash}});
    }
    return rows;
  };
  RowWriter events(db, kInsertEvents);
  Rows rows = rows_of(entries.first(std::min(kCodedAtOnce, entries.size())));
  for (std::size_t at = rows.size();; at = std::min(at + kCodedAtOnce, entries.size())) {
    std::future<Rows> next;  // the codes of a long trail are worked out while it is written
    if (at < entries.size()) {
      const auto some = entries.subspan(at, std::min(kCodedAtOnce, entries.size() - at));
      next = std::async(std::launch::async, rows_of, some);
    }
    for (std::vector<Cell>& row : rows) events.add(std::move(row));
    if (!next.valid()) break;
    rows = next.get();
  }
  events.flush();
  db.prepare(kUpdateHead).bind(0, head.sequence).bind_blob(1, head.hash).bind(2, chain_).run();
  if (committed_) {
    db.after_commit([committed = committed_, head] { committed(head); });
  }
}

std::string_view tamper_name(Tamper kind) {
  constexpr std::string_view kNames[] = {"edit", "delete", "insert", "reorder", "truncate"};
  return kNames[static_cast<std::size_t>(kind)];
}

AuditReport verify_audit(Connection& db, const Vault& vault,
                         std::span<const ChainPlace> checkpoints) {
  return Verifier(db, vault, checkpoints).run();
}

}  // namespace chucai
