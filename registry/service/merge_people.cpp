#include "registry/service/merge_people.h"

#include <algorithm>

#include "registry/domain/person.h"
#include "registry/domain/rules/check.h"
#include "registry/domain/rules/references.h"
#include "registry/domain/text.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "registry/storage/merge_store.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

using Image = std::map<std::string, std::string>;

constexpr std::string_view kIdentityKept = "kept";
constexpr std::string_view kIdentityMoved = "moved";
constexpr std::string_view kIdentitySwapped = "swapped";
constexpr std::size_t kReasonLimit = 200;  // characters
constexpr int kChunk = 200;

const RecordType& person_type() {
  return type_of<Person>();
}

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_absent(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

// ---- what the survivor becomes

/// The number travels with what it is a number of.
bool is_identity_field(std::string_view field) {
  return one_of(field, {"id_no", "id_type", "nationality"});
}

/// Fields that the merge itself decides.
bool is_own_business(std::string_view field) {
  return one_of(field, {"status", "roles"});
}

/// A text that stands where a code could (region_text) says nothing where the code is known.
bool is_said_by_code(const Record& survivor, std::string_view field) {
  constexpr std::string_view kText = "_text";
  if (!field.ends_with(kText)) return false;
  const Field* code = person_type().field(field.substr(0, field.size() - kText.size()));
  return code && !is_absent(code->get(survivor));
}

Value chosen_value(const Field& field, const Person& survivor, const Person& other, bool taken) {
  Value mine = field.get(survivor);
  Value theirs = field.get(other);
  if (is_absent(theirs)) return mine;
  if (taken) return theirs;
  if (is_absent(mine)) return is_said_by_code(survivor, field.name) ? mine : theirs;
  const Date* date = std::get_if<Date>(&mine);
  const Date* other_date = std::get_if<Date>(&theirs);
  if (date && other_date && may_be_equal(*date, *other_date)) return std::max(*date, *other_date);
  return mine;
}

/// The survivor with the fields that it gets, but for the identity number and what belongs to it.
Person combined(const Person& survivor, const Person& other, const std::vector<std::string>& take) {
  Person merged = survivor;
  for (const Field& field : person_type().fields) {
    if (is_identity_field(field.name) || is_own_business(field.name)) continue;
    field.set(merged, chosen_value(field, survivor, other, lists(take, field.name)));
  }
  for (const std::string& role : other.roles) add_role(merged, role);
  merged.extra.insert(other.extra.begin(), other.extra.end());
  return merged;
}

/// What kind of number it is goes with the number; a country that nobody gave takes none away.
void exchange_papers(Person& survivor, Person& other) {
  std::swap(survivor.id_type, other.id_type);
  if (!other.nationality.empty()) std::swap(survivor.nationality, other.nationality);
}

std::string_view identity_fate(const Person& survivor, const Person& other,
                               const std::vector<std::string>& take) {
  if (other.id_no.empty()) return kIdentityKept;
  if (survivor.id_no.empty()) return kIdentityMoved;
  return lists(take, "id_no") ? kIdentitySwapped : kIdentityKept;
}

// ---- images

/// The fields in which two states of a record differ, as they are in `shown`. A sealed number never
/// enters an image.
Image image_of(const RecordType& type, const Record& a, const Record& b, const Record& shown) {
  Image image;
  for (const std::string_view name : changed_fields(type, a, b)) {
    const Field* field = type.field(name);
    if (!field) {
      image.emplace(name, pack_map(shown.extra));
    } else if (field->type != FieldType::Sealed) {
      image.emplace(name, pack_value(field->get(shown)));
    }
  }
  return image;
}

std::string packed_field(const RecordType& type, const Record& record, const std::string& name) {
  const Field* field = type.field(name);
  return field ? pack_value(field->get(record)) : pack_map(record.extra);
}

void set_packed(const RecordType& type, Record& record, const std::string& name,
                const std::string& packed) {
  if (const Field* field = type.field(name)) {
    field->set(record, unpack_value(*field, packed));
  } else {
    record.extra = unpack_map(packed);
  }
}

/// Sets what still reads as the merge left it back to what it was before; the rest is reported.
void restore(const RecordType& type, Record& record, const Image& before, const Image& after,
             std::vector<KeptChange>& kept) {
  for (const auto& [name, packed] : before) {
    const auto left = after.find(name);
    if (left != after.end() && packed_field(type, record, name) == left->second) {
      set_packed(type, record, name, packed);
    } else {
      kept.push_back({std::string(type.name), record.id, name});
    }
  }
}

/// One merge or unmerge under way.
class Merging {
 public:
  Merging(Registry& registry, Connection& db, const Principal& principal)
      : registry_(registry), store_(registry.store()), db_(db), principal_(principal) {}

  Done merge(const MergeRequest& request, MergeReport& report);
  Done unmerge(std::int64_t person, UnmergeReport& report);

 private:
  // ---- writing

  Done update(const RecordType& type, Record& record) {
    ++record.version;
    record.updated_at = registry_.now_us();
    return store_.update(db_, type, record);
  }

  void log_status(const RecordType& type, const Record& before, const Record& after) {
    const Field* status = type.field("status");
    if (!status || status->get(before) == status->get(after)) return;
    append_status(db_, registry_.new_id(),
                  {std::string(type.name), after.id, to_text(status->get(after)), registry_.today(),
                   registry_.now_us(), principal_.actor});
  }

  void trail(std::string action, std::string_view type, std::int64_t id, std::string detail) {
    trail_.push_back({std::move(action), std::string(type), id, std::move(detail)});
  }

  /// The number in clear, for sealing it again under another person's key; empty when there is
  /// none.
  Result<std::string> opened_number(const Person& person, const Scope& scope) {
    if (person.id_no.empty()) return std::string();
    return store_.reveal(db_, scope, person_type(), person.id);
  }

  /// Writes two people of whom each may get a number that the other has now: unique keys are let go
  /// before they are given out again.
  Done write_both(Person& survivor, Person& other, std::string_view identity,
                  const Scope& other_scope);

  // ---- merging

  Done check_request(const MergeRequest& request, const Person& survivor, const Person& other);
  Done point_children(const Person& survivor, const Person& other, MergeReport& report);
  Done point_child(const Reference& reference, Record& child, const Person& survivor,
                   MergeReport& report);
  void settle_pairs(const Person& survivor, const Person& before, const Person& other);

  // ---- unmerging

  Done unpoint_child(const MergedChild& child, UnmergeReport& report);

  Registry& registry_;
  const RecordStore& store_;
  Connection& db_;
  const Principal& principal_;
  std::vector<AuditEntry> trail_;
  std::int64_t merge_ = 0;
};

Done Merging::write_both(Person& survivor, Person& other, std::string_view identity,
                         const Scope& other_scope) {
  const auto mine = opened_number(survivor, whole_register());
  if (!mine) return tl::make_unexpected(mine.error());
  const auto theirs = opened_number(other, other_scope);
  if (!theirs) return tl::make_unexpected(theirs.error());
  if (identity != kIdentityKept) {
    store_.release_number(db_, survivor.id);
    store_.release_number(db_, other.id);
    survivor.id_no = *theirs;
    other.id_no = *mine;
  }
  // Whoever gives its expert number away is written first, blank.
  const std::string number = std::exchange(other.expert_no, {});
  if (const Done written = update(person_type(), other); !written) return written;
  if (const Done written = update(person_type(), survivor); !written) return written;
  if (number.empty() || number == survivor.expert_no) return {};
  other.expert_no = number;
  return update(person_type(), other);
}

Done Merging::check_request(const MergeRequest& request, const Person& survivor,
                            const Person& other) {
  for (const std::string& name : request.take) {
    if (!person_type().field(name) || is_own_business(name)) {
      return fail(ErrorCode::InvalidArgument, "person.merge.field", "take", {name});
    }
  }
  if (code_points(request.reason) > kReasonLimit) {
    return fail(ErrorCode::InvalidArgument, "reveal.purpose", "reason");
  }
  if (!normalise_space(request.reason).empty()) return {};
  const Pinyin& pinyin = registry_.codes().pinyin();
  const Likeness found = likeness(portrait_of(survivor, pinyin), portrait_of(other, pinyin));
  const bool two_numbers = std::any_of(
      found.evidence.begin(), found.evidence.end(),
      [](const Evidence& evidence) { return evidence.reason == "likeness.identity.differs"; });
  if (found.band != Band::No && !two_numbers) return {};
  return fail(ErrorCode::FailedPrecondition, "person.merge.unlike", "reason");
}

/// A record that the survivor has already (the same programme and round) stays with the other and
/// ends, so that nothing that hangs on it is lost and nobody counts twice.
Done Merging::point_child(const Reference& reference, Record& child, const Person& survivor,
                          MergeReport& report) {
  const RecordType& type = *reference.type;
  const auto before = type.make();
  for (const Field& field : type.fields) field.set(*before, field.get(child));
  before->extra = child.extra;
  const Value old_value = reference.field->get(child);
  reference.field->set(child, reference_value(reference, survivor.id));
  const std::string key = type.natural_key(child);
  const auto rival = key.empty() ? nullptr : store_.load_by_key(db_, whole_register(), type, key);
  const bool is_duplicate = rival && rival->id != child.id;
  if (is_duplicate) {
    reference.field->set(child, old_value);
    const Field* status = type.field("status");
    const Field* exit_reason = type.field("exit_reason");
    if (status && exit_reason) {
      status->set(child, Value{std::string("exited")});
      exit_reason->set(child, Value{std::string("duplicate")});
    }
  }
  ++(is_duplicate ? report.duplicates : report.moved)[std::string(type.name)];
  if (changed_fields(type, *before, child).empty()) return {};
  if (const Done written = update(type, child); !written) return written;
  insert_merged_child(
      db_, merge_,
      {std::string(type.name), child.id, pack_map(image_of(type, *before, child, *before)),
       pack_map(image_of(type, *before, child, child))});
  log_status(type, *before, child);
  trail("update", type.name, child.id, "merge");
  return {};
}

Done Merging::point_children(const Person& survivor, const Person& other, MergeReport& report) {
  for (const Reference& reference : references_to("person")) {
    PageRequest page{{}, 0, kChunk};
    if (reference.party_type) page.filters.push_back({reference.party_type, std::string("person")});
    page.filters.push_back({reference.field, reference_value(reference, other.id)});
    for (std::size_t taken = kChunk; taken == kChunk;) {
      const auto children = store_.page(db_, whole_register(), *reference.type, page);
      for (const auto& child : children) {
        if (const Done done = point_child(reference, *child, survivor, report); !done) return done;
      }
      taken = children.size();
      if (taken > 0) page.after = children.back()->id;
    }
  }
  return {};
}

/// Whom the other was told apart from, the survivor is told apart from.
void Merging::settle_pairs(const Person& survivor, const Person& before, const Person& other) {
  delete_keys(db_, other.id);
  note_likeness(registry_, db_, &before, survivor);
  for (const StoredPair& pair : pairs_of(db_, other.id)) {
    const std::int64_t third = pair.one == other.id ? pair.other : pair.one;
    const auto own = pair_between(db_, survivor.id, third);
    if (third == survivor.id) {
      decide_pair(db_, pair.id, pair_state::kMerged, principal_.actor, registry_.now_us());
    } else if (pair.state == pair_state::kOpen) {
      delete_pair(db_, pair.id);
    } else if (pair.state == pair_state::kDistinct && own && own->state == pair_state::kOpen) {
      decide_pair(db_, own->id, pair_state::kDistinct, principal_.actor, registry_.now_us());
    }
  }
}

Done Merging::merge(const MergeRequest& request, MergeReport& report) {
  report = {};
  trail_.clear();
  if (request.survivor == request.other) {
    return fail(ErrorCode::InvalidArgument, "person.merge.self", "other");
  }
  const auto survivor = store_.get(db_, principal_.scope(), PersonId{request.survivor});
  const auto other = store_.get(db_, principal_.scope(), PersonId{request.other});
  if (!survivor || !other) return fail(ErrorCode::NotFound, "record.absent");
  if (const Done fit = check_request(request, *survivor, *other); !fit) return fit;

  Person merged = combined(*survivor, *other, request.take);
  Person left = *other;
  left.status = "merged";
  if (merged.expert_no == other->expert_no) left.expert_no = survivor->expert_no;
  const std::string_view identity = identity_fate(*survivor, *other, request.take);
  if (identity != kIdentityKept) exchange_papers(merged, left);
  if (const Done written = write_both(merged, left, identity, principal_.scope()); !written) {
    return written;
  }
  Person shown = merged;  // check_draft fills in and normalises; what was stored was checked before
  if (auto problems = check_draft(person_type(), shown, registry_.rules()); !problems.empty()) {
    return fail_all("record.invalid", std::move(problems));
  }
  merge_ = report.merge = registry_.new_id();
  report.survivor = survivor->id;
  if (const Done pointed = point_children(merged, *other, report); !pointed) return pointed;

  for (const std::string_view name : changed_fields(person_type(), *survivor, merged)) {
    report.changed.emplace_back(name);
  }
  insert_merge(db_, {merge_, survivor->id, other->id, registry_.now_us(), principal_.actor,
                     normalise_space(request.reason), std::string(identity),
                     pack_map(image_of(person_type(), *survivor, merged, *survivor)),
                     pack_map(image_of(person_type(), *survivor, merged, merged)),
                     pack_map(image_of(person_type(), *other, left, *other))});
  settle_pairs(merged, *survivor, *other);
  log_status(person_type(), *other, left);
  trail("merge", "person", survivor->id, id_text(other->id));
  trail("merge", "person", other->id, id_text(survivor->id));
  registry_.audit().append(db_, registry_.audit_context(principal_), trail_);
  return {};
}

Done Merging::unpoint_child(const MergedChild& stored, UnmergeReport& report) {
  const RecordType& type = *record_type(stored.record_type);
  const auto child = store_.load(db_, whole_register(), type, stored.record_id);
  if (!child) {
    report.kept.push_back({stored.record_type, stored.record_id, {}});
    return {};
  }
  const auto current = store_.load(db_, whole_register(), type, stored.record_id);
  restore(type, *child, unpack_map(stored.before_image), unpack_map(stored.after_image),
          report.kept);
  if (changed_fields(type, *current, *child).empty()) return {};
  const std::string key = type.natural_key(*child);
  const auto rival = key.empty() ? nullptr : store_.load_by_key(db_, whole_register(), type, key);
  if (rival && rival->id != child->id) {
    report.kept.push_back({stored.record_type, stored.record_id, {}});
    return {};
  }
  if (const Done written = update(type, *child); !written) return written;
  ++report.moved[stored.record_type];
  log_status(type, *current, *child);
  trail("update", type.name, child->id, "unmerge");
  return {};
}

Done Merging::unmerge(std::int64_t person, UnmergeReport& report) {
  report = {};
  trail_.clear();
  const auto merge = latest_merge(db_, person);
  if (!merge) return fail(ErrorCode::NotFound, "person.merge.absent");
  const auto survivor = store_.get(db_, principal_.scope(), PersonId{merge->survivor});
  const auto other = store_.get(db_, merged_people(), PersonId{merge->other});
  if (!survivor) {
    const bool merged_on = current_person(db_, merge->survivor) != merge->survivor;
    const auto last =
        store_.get(db_, principal_.scope(), PersonId{current_person(db_, merge->survivor)});
    if (merged_on && last) return fail(ErrorCode::FailedPrecondition, "person.merge.later");
  }
  if (!survivor || !other) return fail(ErrorCode::NotFound, "person.merge.absent");
  report.survivor = survivor->id;
  report.other = other->id;

  Person restored = *survivor;
  Person back = *other;
  restore(person_type(), restored, unpack_map(merge->survivor_before),
          unpack_map(merge->survivor_after), report.kept);
  for (const auto& [name, packed] : unpack_map(merge->other_before)) {
    set_packed(person_type(), back, name, packed);
  }
  if (const Done written = write_both(restored, back, merge->identity, merged_people()); !written) {
    return written;
  }
  for (const MergedChild& child : merged_children(db_, merge->id)) {
    if (const Done done = unpoint_child(child, report); !done) return done;
  }
  set_merge_undone(db_, merge->id, registry_.now_us());
  note_likeness(registry_, db_, &*survivor, restored);
  if (const auto pair = pair_between(db_, survivor->id, other->id)) {
    decide_pair(db_, pair->id, pair_state::kOpen, principal_.actor, registry_.now_us());
  }
  note_likeness(registry_, db_, &*other, back);
  log_status(person_type(), *other, back);
  trail("unmerge", "person", survivor->id, id_text(other->id));
  trail("unmerge", "person", other->id, id_text(survivor->id));
  registry_.audit().append(db_, registry_.audit_context(principal_), trail_);
  return {};
}

}  // namespace

Result<MergeReport> merge_people(Registry& registry, const Principal& principal,
                                 const MergeRequest& request) {
  MergeReport report;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    return Merging(registry, db, principal).merge(request, report);
  });
  if (!done) return tl::make_unexpected(done.error());
  return report;
}

Result<UnmergeReport> unmerge_people(Registry& registry, const Principal& principal,
                                     std::int64_t person) {
  UnmergeReport report;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    return Merging(registry, db, principal).unmerge(person, report);
  });
  if (!done) return tl::make_unexpected(done.error());
  return report;
}

std::unique_ptr<Record> load_current(Registry& registry, Connection& db, const Scope& scope,
                                     const RecordType& type, std::int64_t id) {
  auto record = registry.store().load(db, scope, type, id);
  if (record || &type != &person_type()) return record;
  const std::int64_t current = current_person(db, id);
  return current == id ? nullptr : registry.store().load(db, scope, type, current);
}

std::unique_ptr<Record> load_current_by_key(Registry& registry, Connection& db, const Scope& scope,
                                            const RecordType& type, std::string_view key) {
  auto record = registry.store().load_by_key(db, scope, type, key);
  if (record || &type != &person_type()) return record;
  const auto merged = registry.store().load_by_key(db, merged_people(), type, key);
  return merged ? load_current(registry, db, scope, type, merged->id) : nullptr;
}

std::unique_ptr<Record> load_current_by_identity(Registry& registry, Connection& db,
                                                 const Scope& scope, std::string_view identity) {
  const RecordStore& store = registry.store();
  auto record = store.load_by_identity(db, scope, person_type(), identity);
  if (record) return record;
  const auto merged = store.load_by_identity(db, merged_people(), person_type(), identity);
  return merged ? load_current(registry, db, scope, person_type(), merged->id) : nullptr;
}

void follow_merges(Connection& db, const RecordType& type, Record& record) {
  for (const Reference& reference : references_to("person")) {
    if (reference.type != &type) continue;
    if (reference.party_type && to_text(reference.party_type->get(record)) != "person") continue;
    const Value named = reference.field->get(record);
    const auto* ref = std::get_if<std::int64_t>(&named);
    const auto id = ref ? std::optional(*ref) : parse_id(to_text(named));
    if (id) reference.field->set(record, reference_value(reference, current_person(db, *id)));
  }
}

}  // namespace chucai
