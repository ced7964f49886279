#include "registry/storage/merge_store.h"

namespace chucai {
namespace {

constexpr std::string_view kMergeColumns =
    "id, survivor, other, at, actor, reason, identity, survivor_before, survivor_after,"
    " other_before";

StoredMerge read_merge(Statement& row) {
  return {row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.text(4),
          row.text(5),    row.text(6),    row.text(7),    row.text(8),    row.text(9)};
}

}  // namespace

void insert_merge(Connection& db, const StoredMerge& merge) {
  db.prepare("INSERT INTO person_merge (" + std::string(kMergeColumns) +
             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(0, merge.id)
      .bind(1, merge.survivor)
      .bind(2, merge.other)
      .bind(3, merge.at)
      .bind_text(4, merge.actor)
      .bind_text(5, merge.reason)
      .bind_text(6, merge.identity)
      .bind_text(7, merge.survivor_before)
      .bind_text(8, merge.survivor_after)
      .bind_text(9, merge.other_before)
      .run();
}

void insert_merged_child(Connection& db, std::int64_t merge, const MergedChild& child) {
  db.prepare(
        "INSERT INTO person_merge_child (merge, record_type, record_id, before_image, after_image)"
        " VALUES (?, ?, ?, ?, ?)")
      .bind(0, merge)
      .bind_text(1, child.record_type)
      .bind(2, child.record_id)
      .bind_text(3, child.before_image)
      .bind_text(4, child.after_image)
      .run();
}

std::vector<MergedChild> merged_children(Connection& db, std::int64_t merge) {
  Statement& select = db.prepare(
      "SELECT record_type, record_id, before_image, after_image FROM person_merge_child"
      " WHERE merge = ? ORDER BY record_type, record_id");
  select.bind(0, merge);
  std::vector<MergedChild> children;
  while (select.step()) {
    children.push_back({select.text(0), select.integer(1), select.text(2), select.text(3)});
  }
  return children;
}

std::optional<StoredMerge> latest_merge(Connection& db, std::int64_t person) {
  Statement& select = db.prepare("SELECT " + std::string(kMergeColumns) +
                                 " FROM person_merge"
                                 " WHERE (survivor = ? OR other = ?) AND undone_at IS NULL"
                                 " ORDER BY id DESC LIMIT 1");
  select.bind(0, person).bind(1, person);
  if (!select.step()) return std::nullopt;
  StoredMerge merge = read_merge(select);
  select.reset();
  return merge;
}

void set_merge_undone(Connection& db, std::int64_t merge, std::int64_t at) {
  db.prepare("UPDATE person_merge SET undone_at = ? WHERE id = ?").bind(0, at).bind(1, merge).run();
}

std::int64_t current_person(Connection& db, std::int64_t person) {
  while (true) {
    Statement& select = db.prepare(
        "SELECT survivor FROM person_merge WHERE other = ? AND undone_at IS NULL"
        " ORDER BY id DESC LIMIT 1");
    select.bind(0, person);
    if (!select.step()) return person;
    person = select.integer(0);
    select.reset();
  }
}

std::vector<std::int64_t> merged_into(Connection& db, std::int64_t survivor) {
  std::vector<std::int64_t> people = {survivor};
  for (std::size_t i = 0; i < people.size(); ++i) {
    Statement& select = db.prepare(
        "SELECT other FROM person_merge WHERE survivor = ? AND undone_at IS NULL ORDER BY id");
    select.bind(0, people[i]);
    while (select.step()) people.push_back(select.integer(0));
  }
  people.erase(people.begin());
  return people;
}

}  // namespace chucai
