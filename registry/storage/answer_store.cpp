#include "registry/storage/answer_store.h"

namespace chucai {

std::optional<AnsweredRequest> load_answered(Connection& db, std::string_view digest) {
  Statement& select =
      db.prepare("SELECT request, answer_sealed FROM answered_request WHERE digest = ?");
  select.bind_blob(0, digest);
  if (!select.step()) return std::nullopt;
  AnsweredRequest found{select.blob(0), std::nullopt};
  if (!select.is_null(1)) found.sealed = select.blob(1);
  select.reset();
  return found;
}

void begin_answered(Connection& db, std::string_view digest, std::string_view request,
                    std::int64_t now_us) {
  db.prepare("INSERT INTO answered_request (digest, request, begun_at) VALUES (?, ?, ?)")
      .bind_blob(0, digest)
      .bind_blob(1, request)
      .bind(2, now_us)
      .run();
}

void finish_answered(Connection& db, std::string_view digest, std::string_view sealed) {
  db.prepare("UPDATE answered_request SET answer_sealed = ? WHERE digest = ?")
      .bind_blob(0, sealed)
      .bind_blob(1, digest)
      .run();
}

void forget_answered(Connection& db, std::string_view digest) {
  db.prepare("DELETE FROM answered_request WHERE digest = ?").bind_blob(0, digest).run();
}

void sweep_answered(Connection& db, std::int64_t before_us) {
  db.prepare("DELETE FROM answered_request WHERE begun_at < ?").bind(0, before_us).run();
}

}  // namespace chucai
