#include "registry/service/coverage_engine.h"

#include <algorithm>
#include <set>

#include "registry/coverage/cube.h"
#include "registry/storage/change_feed.h"
#include "registry/storage/coverage_store.h"

namespace chucai {
namespace {

using coverage::CubeWriter;
using coverage::StatusAt;

constexpr int kReadAgain = 50'000;  // more changes than this: reading all is quicker

/// The logs of one record type while its records come by in order of id.
class Logs {
 public:
  Logs(Connection& db, CubeWriter& writer, std::string_view record_type, std::int64_t id) {
    read_status_log(db, record_type, id, [&](fact::StatusEntry&& entry) {
      records_.push_back(entry.record);
      entries_.push_back({coverage::day_number(entry.on), writer.status(entry.status)});
    });
  }

  std::span<const StatusAt> of(std::int64_t record) {
    while (next_ < records_.size() && records_[next_] < record) ++next_;
    const std::size_t from = next_;
    while (next_ < records_.size() && records_[next_] == record) ++next_;
    return std::span(entries_).subspan(from, next_ - from);
  }

 private:
  std::vector<std::int64_t> records_;
  std::vector<StatusAt> entries_;
  std::size_t next_ = 0;
};

/// Reads one record, or with id 0 all of its type; how many there were.
using Reader = std::size_t (*)(Connection&, CubeWriter&, std::int64_t id);

template <class Row>
std::size_t read_plain(Connection& db, CubeWriter& writer, std::int64_t id) {
  std::size_t rows = 0;
  read_facts(db, id, FactVisit<Row>([&](Row&& row) {
               writer.take(std::move(row));
               ++rows;
             }));
  return rows;
}

template <class Row>
std::size_t read_logged(Connection& db, CubeWriter& writer, std::int64_t id,
                        std::string_view record_type) {
  Logs logs(db, writer, record_type, id);
  std::size_t rows = 0;
  read_facts(db, id, FactVisit<Row>([&](Row&& row) {
               const auto log = logs.of(row.key.id);
               writer.take(std::move(row), log);
               ++rows;
             }));
  return rows;
}

struct Kind {
  std::string_view record_type;
  Reader read;
};

// Each before those that look it up.
constexpr Kind kKinds[] = {
    {"program", read_plain<fact::Program>},
    {"person", [](Connection& db, CubeWriter& writer,
                  std::int64_t id) { return read_logged<fact::Person>(db, writer, id, "person"); }},
    {"organization", read_plain<fact::Organization>},
    {"project",
     [](Connection& db, CubeWriter& writer, std::int64_t id) {
       return read_logged<fact::Project>(db, writer, id, "project");
     }},
    {"participation",
     [](Connection& db, CubeWriter& writer, std::int64_t id) {
       return read_logged<fact::Participation>(db, writer, id, "participation");
     }},
    {"need", [](Connection& db, CubeWriter& writer,
                std::int64_t id) { return read_logged<fact::Need>(db, writer, id, "need"); }},
    {"engagement",
     [](Connection& db, CubeWriter& writer, std::int64_t id) {
       return read_logged<fact::Engagement>(db, writer, id, "engagement");
     }},
    {"round", read_plain<fact::Round>},
    {"target", read_plain<fact::Target>},
    {"fund_entry", read_plain<fact::FundEntry>},
    {"assessment", read_plain<fact::Assessment>},
    {"link", read_plain<fact::Link>},
    {"document", read_plain<fact::Document>},
};

// Whether the unit of a programme is a country decides what is read of its participations.
bool asks_to_read_all(const std::vector<Change>& changes) {
  return changes.size() == kReadAgain ||
         std::any_of(changes.begin(), changes.end(),
                     [](const Change& change) { return change.record_type == "program"; });
}

void apply(Connection& db, const std::vector<Change>& changes, CubeWriter& writer) {
  std::set<std::pair<std::string_view, std::int64_t>> changed;
  for (const Change& change : changes) changed.emplace(change.record_type, change.record_id);
  for (const Kind& kind : kKinds) {
    const auto end = changed.lower_bound({kind.record_type, INT64_MAX});
    for (auto at = changed.lower_bound({kind.record_type, 0}); at != end; ++at) {
      if (kind.read(db, writer, at->second) == 0) writer.drop(kind.record_type, at->second);
      if (kind.record_type != "need") continue;
      // Engagements show what their need says.
      for (const std::int64_t engagement : engagements_of(db, at->second)) {
        read_logged<fact::Engagement>(db, writer, engagement, "engagement");
      }
    }
  }
}

}  // namespace

CoverageEngine::CoverageEngine(Database& database) : database_(database) {}
CoverageEngine::~CoverageEngine() = default;

Result<std::shared_ptr<const coverage::Cube>> CoverageEngine::current() {
  const auto last = latest_change(database_);
  if (!last) return tl::make_unexpected(last.error());
  const std::lock_guard lock(mutex_);
  if (!current_ || current_->version < *last) {
    // Half a transaction must not stay: after a failure everything is read again.
    const Done read = current_ ? follow() : load();
    if (!read) {
      current_.reset();
      return tl::make_unexpected(read.error());
    }
  }
  return current_;
}

Done CoverageEngine::load() {
  return database_.read([&](Connection& db) -> Done {
    writer_ = std::make_unique<CubeWriter>();
    const std::int64_t version = last_change(db);
    for (const Kind& kind : kKinds) kind.read(db, *writer_, 0);
    current_ = writer_->snapshot(version);
    return {};
  });
}

Done CoverageEngine::follow() {
  std::vector<Change> changes;
  const Done done = database_.read([&](Connection& db) -> Done {
    changes = changes_after(db, current_->version, kReadAgain);
    if (changes.empty() || asks_to_read_all(changes)) return {};
    apply(db, changes, *writer_);
    current_ = writer_->snapshot(changes.back().seq);
    return {};
  });
  if (!done) return done;
  return asks_to_read_all(changes) ? load() : done;
}

}  // namespace chucai
