#include "importers/export_records.h"

#include <set>

#include "registry/domain/person.h"
#include "registry/service/filters.h"
#include "registry/service/reveal.h"

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
    if (reveals()) {
      if (const Done fits = check_purpose(options_.purpose); !fits) return failed(fits);
    }
    if (const Done added = add_filter("program", options_.program); !added) return failed(added);
    if (const Done added = add_filter("region", options_.region); !added) return failed(added);
    const auto extra = extra_headers();
    if (!extra) return tl::make_unexpected(extra.error());
    const Exporter exporter(
        kind_, registry_.codes(), registry_.regions(), {principal_.role, Place::Within, reveals()},
        [this](std::string_view type, std::int64_t id, std::string_view field) {
          return referred(type, id, field);
        },
        *extra, options_.ids);
    if (const Done written = writer.row(exporter.header()); !written) return failed(written);
    std::int64_t rows = 0;
    std::vector<std::vector<std::string>> page;
    const auto read_page = [&](Connection& db, Records& records) -> Done {
      db_ = &db;
      page.clear();
      if (reveals()) {
        if (const Done revealed = reveal(db, records); !revealed) return revealed;
      }
      for (const auto& record : records) {
        for (std::size_t part = 0; part < exporter.parts(*record); ++part) {
          page.push_back(exporter.row(*record, part));
        }
      }
      return {};
    };
    // Nothing leaves before the trail says so for good.
    const auto write_page = [&]() -> Done {
      for (const auto& cells : page) {
        if (const Done written = writer.row(cells); !written) return written;
        ++rows;
      }
      return {};
    };
    const Done done =
        for_each_page(reveals() ? Pages::Audited : Pages::Read, read_page, write_page);
    if (!done) return failed(done);
    if (const Done finished = writer.finish(); !finished) return failed(finished);
    return rows;
  }

 private:
  enum class Pages { Read, Audited };
  bool reveals() const { return !options_.purpose.empty(); }

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
  Done for_each_page(Pages pages, const std::function<Done(Connection&, Records&)>& visit,
                     const std::function<Done()>& afterwards) {
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
      const Done done = pages == Pages::Read ? registry_.database().read(body)
                                             : registry_.database().write(body, {1});
      if (!done) return done;
      if (const Done followed = afterwards(); !followed) return followed;
      request_.after = next_after_;
    }
    return {};
  }

  Result<std::vector<std::string>> extra_headers() {
    std::set<std::string> names;
    std::int64_t rows = 0;
    const auto collect = [&](Connection&, Records& records) -> Done {
      rows += static_cast<std::int64_t>(records.size());
      if (options_.most_rows > 0 && rows > options_.most_rows) {
        return fail(ErrorCode::TooLarge, "export.rows", {}, {std::to_string(options_.most_rows)});
      }
      for (const auto& record : records) {
        for (const auto& [name, text] : record->extra) names.insert(name);
      }
      return {};
    };
    const Done done = for_each_page(Pages::Read, collect, [] { return Done{}; });
    if (!done) return failed(done);
    return std::vector<std::string>(names.begin(), names.end());
  }

  // Opens what is sealed, and says of each record which of its fields leave in full.
  Done reveal(Connection& db, Records& records) {
    std::vector<AuditEntry> trail;
    for (const auto& record : records) {
      std::string fields;
      for (const Field& field : type_.fields) {
        if (field.sensitivity < Sensitivity::Contact) continue;
        if (to_text(field.get(*record)).empty()) continue;
        if (field.type == FieldType::Sealed) {
          auto number = registry_.store().reveal(db, principal_.scope(), type_, record->id);
          if (!number) return tl::make_unexpected(number.error());
          field.set(*record, std::move(*number));
        }
        fields.append(fields.empty() ? "" : ",").append(field.name);
      }
      if (!fields.empty()) note_reveal(type_, record->id, fields, trail);
    }
    registry_.audit().append(db, registry_.audit_context(principal_), trail);
    return {};
  }

  void note_reveal(const RecordType& type, std::int64_t id, const std::string& fields,
                   std::vector<AuditEntry>& trail) const {
    trail.push_back({"reveal", std::string(type.name), id, fields + ": " + options_.purpose});
  }

  std::string referred(std::string_view type_name, std::int64_t id, std::string_view field_name) {
    const RecordType* type = record_type(type_name);
    const Field* field = type ? type->field(field_name) : nullptr;
    if (!field) return {};
    const auto record = registry_.store().load(*db_, principal_.scope(), *type, id);
    if (!record) return {};
    const std::string text = to_text(field->get(*record));
    if (!reveals() || field->type != FieldType::Sealed || text.empty()) return text;
    const auto number = registry_.store().reveal(*db_, principal_.scope(), *type, id);
    if (!number) return text;
    std::vector<AuditEntry> trail;
    note_reveal(*type, id, std::string(field->name), trail);
    registry_.audit().append(*db_, registry_.audit_context(principal_), trail);
    return *number;
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
