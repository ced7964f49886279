#include "importers/export_records.h"

#include <set>

#include "importers/export.h"
#include "registry/domain/person.h"
#include "registry/service/filters.h"

namespace chucai::importers {
namespace {

constexpr int kPage = 500;

class Export {
 public:
  Export(Registry& registry, const Principal& principal, const Kind& kind,
         const ExportOptions& options)
      : registry_(registry),
        principal_(principal),
        kind_(kind),
        type_(kind.type()),
        options_(options) {}

  Result<std::int64_t> run(TableWriter& writer) {
    request_.limit = kPage;
    if (const Done added = add_filter("program", options_.program); !added) return failed(added);
    if (const Done added = add_filter("region", options_.region); !added) return failed(added);
    const auto extra = extra_headers();
    if (!extra) return tl::make_unexpected(extra.error());
    const Masking masking = options_.purpose.empty() ? Masking::Masked : Masking::Revealed;
    const Exporter exporter(
        kind_, registry_.codes(), registry_.regions(), masking,
        [this](std::string_view type, std::int64_t id, std::string_view field) {
          return referred(type, id, field);
        },
        *extra);
    if (const Done written = writer.row(exporter.header()); !written) return failed(written);
    std::int64_t rows = 0;
    const Done done = for_each_page([&](Connection& db, Records& records) -> Done {
      db_ = &db;
      if (masking == Masking::Revealed) {
        if (const Done revealed = reveal(db, records); !revealed) return revealed;
      }
      for (const auto& record : records) {
        for (std::size_t part = 0; part < exporter.parts(*record); ++part) {
          if (const Done written = writer.row(exporter.row(*record, part)); !written) {
            return written;
          }
          ++rows;
        }
      }
      return {};
    });
    if (!done) return failed(done);
    if (const Done finished = writer.finish(); !finished) return failed(finished);
    return rows;
  }

 private:
  using Records = std::vector<std::unique_ptr<Record>>;

  static tl::unexpected<Error> failed(const Done& done) {
    return tl::make_unexpected(done.error());
  }

  Done add_filter(std::string_view name, const std::string& text) {
    if (text.empty()) return {};
    auto filter = make_filter(registry_.codes(), type_, name, text);
    if (!filter) {
      return fail(ErrorCode::InvalidArgument, "query.parameter", "--" + std::string(name));
    }
    request_.filters.push_back(std::move(*filter));
    return {};
  }

  // Talent and expert are roles of one person: each kind shows those who hold its role.
  bool belongs(const Record& record) const {
    return kind_.role.empty() || holds(static_cast<const Person&>(record), kind_.role);
  }

  // Pages that only read see one transaction each; pages that reveal are audited in theirs.
  Done for_each_page(const std::function<Done(Connection&, Records&)>& visit) {
    request_.after = 0;
    bool last = false;
    const Database::Body body = [&](Connection& db) -> Done {
      Records records = registry_.store().page(db, principal_.scope(), type_, request_);
      last = records.size() < static_cast<std::size_t>(kPage);
      next_after_ = records.empty() ? 0 : records.back()->id;
      std::erase_if(records, [&](const auto& record) { return !belongs(*record); });
      return visit(db, records);
    };
    while (!last) {
      const Done done = options_.purpose.empty() ? registry_.database().read(body)
                                                 : registry_.database().write(body, {1});
      if (!done) return done;
      request_.after = next_after_;
    }
    return {};
  }

  Result<std::vector<std::string>> extra_headers() {
    std::set<std::string> names;
    const Done done = for_each_page([&](Connection&, Records& records) -> Done {
      for (const auto& record : records) {
        for (const auto& [name, text] : record->extra) names.insert(name);
      }
      return {};
    });
    if (!done) return failed(done);
    return std::vector<std::string>(names.begin(), names.end());
  }

  Done reveal(Connection& db, Records& records) {
    std::vector<AuditEntry> trail;
    for (const auto& record : records) {
      for (const Field& field : type_.fields) {
        if (field.type != FieldType::Sealed || to_text(field.get(*record)).empty()) continue;
        auto number = registry_.store().reveal(db, principal_.scope(), type_, record->id);
        if (!number) return tl::make_unexpected(number.error());
        field.set(*record, std::move(*number));
        trail.push_back({"reveal", std::string(type_.name), record->id,
                         std::string(field.name) + ": " + options_.purpose});
      }
    }
    registry_.audit().append(db, registry_.audit_context(principal_), trail);
    return {};
  }

  std::string referred(std::string_view type_name, std::int64_t id, std::string_view field_name) {
    const RecordType* type = record_type(type_name);
    const Field* field = type ? type->field(field_name) : nullptr;
    if (!field) return {};
    const auto record = registry_.store().load(*db_, principal_.scope(), *type, id);
    if (!record) return {};
    if (field->type == FieldType::Sealed && !options_.purpose.empty()) {
      return revealed_number(*type, *field, id);
    }
    return to_text(field->get(*record));
  }

  // The number of a person whom the row is about; empty when it cannot be opened.
  std::string revealed_number(const RecordType& type, const Field& field, std::int64_t id) {
    const AuditEntry entry{"reveal", std::string(type.name), id,
                           std::string(field.name) + ": " + options_.purpose};
    registry_.audit().append(*db_, registry_.audit_context(principal_), {&entry, 1});
    return registry_.store().reveal(*db_, principal_.scope(), type, id).value_or(std::string());
  }

  Registry& registry_;
  const Principal& principal_;
  const Kind& kind_;
  const RecordType& type_;
  const ExportOptions& options_;
  PageRequest request_;
  std::int64_t next_after_ = 0;
  Connection* db_ = nullptr;  // of the page being written
};

}  // namespace

Result<std::int64_t> export_records(Registry& registry, const Principal& principal,
                                    const ExportOptions& options, TableWriter& writer) {
  const Kind* kind = find_kind(options.kind);
  if (!kind) return fail(ErrorCode::InvalidArgument, "import.kind", "kind");
  return Export(registry, principal, *kind, options).run(writer);
}

}  // namespace chucai::importers
