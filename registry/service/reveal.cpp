#include "registry/service/reveal.h"

#include "registry/domain/identity.h"
#include "registry/domain/person.h"
#include "registry/domain/text.h"
#include "registry/storage/privacy_stores.h"

namespace chucai {
namespace {

constexpr std::size_t kPurposeLimit = 200;
constexpr std::size_t kCaseLimit = 64;

Result<std::string> read_field(Registry& registry, Connection& db, const Principal& principal,
                               const Field& field, std::int64_t person) {
  const RecordType& type = type_of<Person>();
  if (field.type == FieldType::Sealed) {
    return registry.store().reveal(db, principal.scope(), type, person);
  }
  const auto record = registry.store().load(db, principal.scope(), type, person);
  if (!record) return fail(ErrorCode::NotFound, "record.absent");
  return to_text(field.get(*record));
}

}  // namespace

Done check_purpose(std::string_view purpose) {
  const std::string text = normalise_space(purpose);
  if (text.empty() || code_points(text) > kPurposeLimit || holds_a_number(text)) {
    return fail(ErrorCode::InvalidArgument, "reveal.purpose", "purpose");
  }
  return {};
}

Done check_case(const Principal& principal, std::string_view case_number) {
  const bool absent = normalise_space(case_number).empty();
  if (absent && principal.role == kLocalOperator) return {};
  if (absent || code_points(case_number) > kCaseLimit || holds_a_number(case_number)) {
    return fail(ErrorCode::InvalidArgument, "reveal.case", "case", {std::to_string(kCaseLimit)});
  }
  return {};
}

Result<std::string> reveal_field(Registry& registry, const Principal& principal,
                                 const RevealRequest& request) {
  if (!allows(principal, Permission::Reveal)) {
    return fail(ErrorCode::PermissionDenied, "reveal.permission");
  }
  if (const Done fits = check_purpose(request.purpose); !fits) {
    return tl::make_unexpected(fits.error());
  }
  if (const Done fits = check_case(principal, request.case_number); !fits) {
    return tl::make_unexpected(fits.error());
  }
  const Field* field = type_of<Person>().field(request.field);
  if (!field || field->sensitivity < Sensitivity::Contact) {
    return fail(ErrorCode::InvalidArgument, "reveal.field", "field");
  }
  std::string detail = request.field + ": " + normalise_space(request.purpose);
  if (!request.case_number.empty()) detail += " #" + normalise_space(request.case_number);
  std::string text;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    const bool counted = principal.role != kLocalOperator;
    if (counted && !count_reveal(db, principal.actor, registry.day_now(), kRevealsPerDay)) {
      return fail(ErrorCode::PermissionDenied, "reveal.quota", {},
                  {std::to_string(kRevealsPerDay)});
    }
    auto opened = read_field(registry, db, principal, *field, request.person);
    if (!opened) return tl::make_unexpected(opened.error());
    const AuditEntry entry{"reveal", "person", request.person, detail};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    text = std::move(*opened);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return text;
}

}  // namespace chucai
