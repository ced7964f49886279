#include "registry/service/own_records.h"

#include "registry/domain/text.h"
#include "registry/service/merge_people.h"
#include "registry/service/records.h"

namespace chucai {
namespace {

constexpr int kMost = 200;

std::optional<Person> self(Registry& registry, Connection& db, const Principal& principal) {
  const auto found =
      load_current(registry, db, whole_register(), type_of<Person>(), principal.person);
  if (!found) return std::nullopt;
  return static_cast<const Person&>(*found);
}

/// Reads with the expert's record at hand.
template <class Body>
Done read_own(Registry& registry, const Principal& principal, const Body& body) {
  if (!allows(principal, Permission::Own)) {
    return fail(ErrorCode::PermissionDenied, "token.permission", {}, {"own"});
  }
  return registry.database().read([&](Connection& db) -> Done {
    const auto person = self(registry, db, principal);
    if (!person) return fail(ErrorCode::NotFound, "record.absent");
    body(db, *person);
    return {};
  });
}

}  // namespace

Result<Person> own_person(Registry& registry, const Principal& principal) {
  Person mine;
  const Done read =
      read_own(registry, principal, [&](Connection&, const Person& person) { mine = person; });
  if (!read) return tl::make_unexpected(read.error());
  return mine;
}

Result<std::vector<Engagement>> own_engagements(Registry& registry, const Principal& principal) {
  std::vector<Engagement> mine;
  const RecordType& type = type_of<Engagement>();
  const Done read = read_own(registry, principal, [&](Connection& db, const Person& person) {
    const PageRequest request{{{type.field("person"), Value{person.id}}}, 0, kMost};
    for (const auto& record : registry.store().page(db, whole_register(), type, request)) {
      mine.push_back(static_cast<const Engagement&>(*record));
    }
  });
  if (!read) return tl::make_unexpected(read.error());
  return mine;
}

Result<Engagement> answer_offer(Registry& registry, const Principal& principal,
                                std::string_view id_or_number, std::string_view answer,
                                std::string_view decline_reason) {
  const auto mine = own_person(registry, principal);
  if (!mine) return tl::make_unexpected(mine.error());
  if (!one_of(answer, {"accepted", "declined"})) {
    return fail(ErrorCode::InvalidArgument, "field.code.unknown", "status");
  }
  const RecordType& type = type_of<Engagement>();
  Engagement answered;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    auto found = load_current_by_key(registry, db, whole_register(), type, id_or_number);
    const auto id = found ? std::nullopt : parse_id(id_or_number);
    if (id) found = registry.store().load(db, whole_register(), type, *id);
    if (!found || static_cast<const Engagement&>(*found).person.value != mine->id) {
      return fail(ErrorCode::NotFound, "record.absent");
    }
    answered = static_cast<const Engagement&>(*found);
    answered.status = answer;
    if (answer == "declined") answered.decline_reason = decline_reason;
    const Done written = write_record(registry, db, principal, type, found.get(), answered);
    if (!written) return written;
    const AuditEntry entry{"answer", "engagement", answered.id, std::string(answer)};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return answered;
}

}  // namespace chucai
