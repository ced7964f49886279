#include "registry/service/retention.h"

#include "registry/domain/csv_text.h"
#include "registry/domain/embedded.h"
#include "registry/service/person_rights.h"
#include "registry/service/staged_import.h"
#include "registry/storage/import_stage.h"

namespace chucai {
namespace {

constexpr std::int64_t kDayUs = std::int64_t{24} * 3600 * 1'000'000;

struct Rule {
  std::string name;
  std::string what;
  std::string status;
  std::int64_t days = 0;
  std::string action;
  std::string basis;
};

Result<std::vector<Rule>> rules() {
  std::vector<Rule> rules;
  CsvTable table(*find_file(embedded_codes(), "retention.csv"));
  while (table.next()) {
    const auto at = [&](std::string_view name) {
      return std::string(table.at(table.column(name)));
    };
    rules.push_back(
        {at("rule"), at("what"), at("status"), std::stoll(at("days")), at("action"), at("basis")});
  }
  if (const Done sound = table.finish(); !sound) return tl::make_unexpected(sound.error());
  return rules;
}

/// People that the rule is about and that are still to be erased, holds counted apart.
Result<std::vector<std::int64_t>> due_people(Registry& registry, const Principal& principal,
                                             const Rule& rule, std::int64_t before,
                                             RetentionLine& line) {
  std::vector<std::int64_t> people;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    for (const std::int64_t id : in_status_since(db, "person", rule.status, before)) {
      if (!registry.store().get(db, principal.scope(), PersonId{id})) continue;
      ++line.due;
      if (hold_on(db, id)) {
        ++line.held;
      } else {
        people.push_back(id);
      }
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return people;
}

Done erase_due(Registry& registry, const Principal& principal, const Rule& rule, RetentionMode mode,
               std::int64_t before, RetentionLine& line) {
  const auto people = due_people(registry, principal, rule, before, line);
  if (!people) return tl::make_unexpected(people.error());
  if (mode == RetentionMode::DryRun) return {};
  for (const std::int64_t id : *people) {
    const Done erased = erase_person(registry, principal, id, rule.basis);
    if (!erased) return erased;
    ++line.done;
  }
  return {};
}

Done drop_due(Registry& registry, const Principal& principal, RetentionMode mode,
              std::int64_t before, RetentionLine& line) {
  return registry.database().write([&](Connection& db) -> Done {
    line.due = count_before_images(db, before);
    if (mode == RetentionMode::DryRun || line.due == 0) return {};
    line.done = drop_before_images(db, before);
    const AuditEntry entry{"retention", "import_row", 0, std::to_string(line.done)};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
}

Done drop_abandoned(Registry& registry, const Principal& principal, RetentionMode mode,
                    std::int64_t before, RetentionLine& line) {
  std::vector<std::int64_t> batches;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    batches = unfinished_batches(db, principal.scope(), before);
    return {};
  });
  if (!read) return read;
  line.due = static_cast<std::int64_t>(batches.size());
  if (mode == RetentionMode::DryRun) return {};
  for (const std::int64_t batch : batches) {
    if (const Done dropped = drop_batch(registry, principal, batch); !dropped) return dropped;
    ++line.done;
  }
  return {};
}

Done carry_out(Registry& registry, const Principal& principal, const Rule& rule, RetentionMode mode,
               RetentionLine& line) {
  const std::int64_t before = registry.now_us() - rule.days * kDayUs;
  if (rule.action == "erase") return erase_due(registry, principal, rule, mode, before, line);
  return rule.what == "import_batch" ? drop_abandoned(registry, principal, mode, before, line)
                                     : drop_due(registry, principal, mode, before, line);
}

}  // namespace

Result<std::vector<RetentionLine>> apply_retention(Registry& registry, const Principal& principal,
                                                   RetentionMode mode) {
  if (!allows(principal, Permission::ManageRights)) {
    return fail(ErrorCode::PermissionDenied, "rights.permission");
  }
  const auto all = rules();
  if (!all) return tl::make_unexpected(all.error());
  std::vector<RetentionLine> lines;
  for (const Rule& rule : *all) {
    RetentionLine line{rule.name, rule.action, rule.basis};
    const Done done = carry_out(registry, principal, rule, mode, line);
    if (!done) return tl::make_unexpected(done.error());
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace chucai
