// How fast an intact audit trail is verified on SQLite, beside the same rows merely read.
//   audit_bench [EVENTS]
#include <time.h>

#include <cstdlib>
#include <iostream>
#include <vector>

#include "registry/domain/ids.h"
#include "registry/storage/audit_store.h"
#include "tests/support/temp_folder.h"

using namespace chucai;

namespace {

constexpr int kPerCommit = 1000;

// Processor time of this thread: the machine may be shared.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Work>
double seconds(Work work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

void fill(Database& database, const Vault& vault, int events) {
  IdSource ids(1);
  const AuditTrail trail(vault, ids.next(1'790'000'000'000'000));
  for (int done = 0; done < events; done += kPerCommit) {
    std::vector<AuditEntry> entries;
    for (int i = done; i < done + kPerCommit; ++i) {
      entries.push_back({"update", "person", 880'000'000'000 + i, "post,phone,title_grade"});
    }
    const AuditContext context{"token:county desk", "registrar", 1'790'000'000'000'000 + done,
                               [&] { return ids.next(1'790'000'000'000'000 + done); }};
    const Done written = database.write([&](Connection& db) -> Done {
      trail.append(db, context, entries);
      return {};
    });
    if (!written) std::cerr << written.error().cause << '\n';
  }
}

std::int64_t read_all(Connection& db) {
  Statement& select = db.prepare(
      "SELECT id, chain, seq, at, actor, role, action, record_type, record_id, detail, mac, hash"
      " FROM audit_event ORDER BY chain, seq");
  std::int64_t bytes = 0;
  while (select.step()) {
    for (const int column : {4, 5, 6, 7, 9, 10, 11}) {
      bytes += static_cast<std::int64_t>(select.view(column).size());
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const int events = argc > 1 ? std::atoi(argv[1]) : 500'000;
  const testing::TempFolder folder;
  const auto database = open_database("sqlite:" + folder.file("chucai.db"));
  if (!database || !migrate(**database)) return 1;
  const SecretKey key(std::string(32, 'k'));
  const Vault vault(MasterKeys{key, key, std::nullopt});
  std::cout << "append  " << events / seconds([&] { fill(**database, vault, events); })
            << " events/s\n";
  for (int round = 0; round < 3; ++round) {
    (void)(*database)->read([&](Connection& db) -> Done {
      std::cout << "read    " << events / seconds([&] { read_all(db); }) << " events/s\n";
      AuditReport report;
      const double taken = seconds([&] { report = verify_audit(db, vault); });
      std::cout << "verify  " << static_cast<double>(report.events) / taken << " events/s"
                << (report.first_bad ? " BROKEN" : "") << '\n';
      return {};
    });
  }
  return 0;
}
