#include "api/rosters.h"

#include "api/json/json_table.h"
#include "importers/columns.h"
#include "importers/template.h"
#include "registry/domain/program.h"

namespace chucai {
namespace {

/// What the programme adds to the kind; nothing without a programme.
Result<std::vector<importers::ProgramColumn>> program_columns(Registry& registry,
                                                              const importers::Kind& kind,
                                                              const std::string& code) {
  if (code.empty()) return std::vector<importers::ProgramColumn>{};
  std::string columns;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    const auto found = registry.store().load_by_key(db, whole_register(), type_of<Program>(), code);
    if (!found) return fail(ErrorCode::NotFound, "record.absent", "program");
    columns = static_cast<const Program&>(*found).import_columns;
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return importers::added_columns(kind, columns);
}

}  // namespace

Result<std::unique_ptr<importers::TableWriter>> table_writer(std::string_view format,
                                                             const std::string& path,
                                                             const std::string& sheet,
                                                             const std::string& where) {
  if (format == "csv") return importers::create_csv(path);
  if (format == "xlsx") return importers::create_xlsx(path, sheet);
  if (format == "json") return create_json_table(path);
  return fail(ErrorCode::InvalidArgument, "export.format", where);
}

Done write_form(Registry& registry, std::string_view kind_name, const std::string& program,
                const std::string& path) {
  const importers::Kind* kind = importers::find_kind(kind_name);
  if (!kind) return fail(ErrorCode::InvalidArgument, "import.kind", "kind");
  const auto added = program_columns(registry, *kind, program);
  if (!added) return tl::make_unexpected(added.error());
  return importers::write_template({registry.codes(), registry.regions(), registry.messages()},
                                   *kind, program, *added, path);
}

}  // namespace chucai
