#include "importers/xlsx_reader.h"

#include <algorithm>
#include <map>
#include <utility>

#include "importers/number_format.h"
#include "importers/refusals.h"
#include "importers/text_arena.h"
#include "importers/xlsx_text.h"
#include "importers/xml_scanner.h"
#include "importers/zip_package.h"

namespace chucai::importers {
namespace {

bool is_true(std::optional<std::string_view> text) {
  return text == "1" || text == "true" || text == "on";
}

/// `target` of a relationship in a part of `folder`, as a part name ("../x.xml" resolved).
std::string resolved(std::string_view folder, std::string_view target) {
  std::string path(target);
  std::replace(path.begin(), path.end(), '\\', '/');
  if (!path.starts_with('/')) path = std::string(folder) + path;
  return std::filesystem::path(path).lexically_normal().relative_path().generic_string();
}

std::string folder_of(std::string_view part) {
  const std::size_t slash = part.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(part.substr(0, slash + 1));
}

/// xl/workbook.xml -> xl/_rels/workbook.xml.rels
std::string relations_of(std::string_view part) {
  const std::string folder = folder_of(part);
  return folder + "_rels/" + std::string(part.substr(folder.size())) + ".rels";
}

struct Relation {
  std::string type;  ///< last segment of the type: worksheet, chartsheet, styles ...
  std::string part;
};

/// The relationships of one part by id.
class Relations : public XmlEvents {
 public:
  explicit Relations(std::string folder) : folder_(std::move(folder)) {}
  Done start(std::string_view name, const XmlAttributes& attributes) override {
    const auto id = attributes.get("Id");
    const auto target = attributes.get("Target");
    if (name != "Relationship" || !id || !target) return {};
    const std::string_view type = attributes.get("Type").value_or("");
    by_id[std::string(*id)] = {std::string(type.substr(type.rfind('/') + 1)),
                               resolved(folder_, *target)};
    return {};
  }
  Done end(std::string_view) override { return {}; }

  /// The first part of a type, or empty.
  std::string of_type(std::string_view type) const {
    for (const auto& [id, relation] : by_id) {
      if (relation.type == type) return relation.part;
    }
    return {};
  }
  std::map<std::string, Relation, std::less<>> by_id;

 private:
  std::string folder_;
};

struct SheetEntry {
  Sheet sheet;
  std::string relation;
};

class WorkbookEvents : public XmlEvents {
 public:
  Done start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") system_1904 = is_true(attributes.get("date1904"));
    if (name != "sheet") return {};
    const std::string_view state = attributes.get("state").value_or("");
    sheets.push_back({{std::string(attributes.get("name").value_or("")),
                       state == "hidden" || state == "veryHidden"},
                      std::string(attributes.get("id").value_or(""))});
    return {};
  }
  Done end(std::string_view) override { return {}; }

  bool system_1904 = false;
  std::vector<SheetEntry> sheets;
};

/// The content type list, asked only when the root relationships lead nowhere.
class ContentTypes : public XmlEvents {
 public:
  Done start(std::string_view name, const XmlAttributes& attributes) override {
    const std::string_view type = attributes.get("ContentType").value_or("");
    if (name == "Override" && type.find("sheet.") != std::string_view::npos &&
        type.find("main+xml") != std::string_view::npos) {
      workbook = resolved("", attributes.get("PartName").value_or(""));
    }
    return {};
  }
  Done end(std::string_view) override { return {}; }
  std::string workbook;
};

/// Number format of each cell style.
class StyleEvents : public XmlEvents {
 public:
  Done start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "cellXfs") in_cell_formats_ = true;
    if (name == "numFmt") {
      const auto id = number_in<int>(attributes.get("numFmtId"));
      const auto code = attributes.get("formatCode");
      if (id && code) custom_[*id] = custom_format(*code);
    }
    if (name == "xf" && in_cell_formats_) {
      const int id = number_in<int>(attributes.get("numFmtId")).value_or(0);
      const auto custom = custom_.find(id);
      formats.push_back(custom == custom_.end() ? builtin_format(id) : custom->second);
    }
    return {};
  }
  Done end(std::string_view name) override {
    if (name == "cellXfs") in_cell_formats_ = false;
    return {};
  }
  std::vector<NumberFormat> formats;

 private:
  bool in_cell_formats_ = false;
  std::map<int, NumberFormat> custom_;
};

class SharedStrings : public XmlEvents {
 public:
  SharedStrings(const Limits& limits, TextArena& texts) : limits_(limits), texts_(texts) {}
  Done start(std::string_view name, const XmlAttributes&) override {
    text_.start(name);
    return {};
  }
  Done end(std::string_view name) override {
    text_.end(name);
    return name == "si" ? texts_.append(text_.take()) : Done{};
  }
  Done text(std::string_view text) override { return text_.text(text, limits_.cell_bytes); }

 private:
  const Limits& limits_;
  TextArena& texts_;
  RichText text_;
};

/// What cells need to know of the workbook.
struct WorkbookContext {
  Limits limits;
  bool system_1904 = false;
  std::vector<NumberFormat> formats;
  TextArena* texts = nullptr;
};

enum class CellType { Number, Shared, Inline, FormulaText, Bool, Error, Date };

/// The t of a cell; a type that nobody defined reads as text.
CellType cell_type(std::optional<std::string_view> t) {
  if (!t || *t == "n") return CellType::Number;
  if (*t == "s") return CellType::Shared;
  if (*t == "inlineStr") return CellType::Inline;
  if (*t == "b") return CellType::Bool;
  if (*t == "e") return CellType::Error;
  return *t == "d" ? CellType::Date : CellType::FormulaText;
}

class SheetEvents : public XmlEvents {
 public:
  SheetEvents(std::string part, const WorkbookContext& context, TableSink& sink)
      : part_(std::move(part)), context_(context), sink_(sink) {}

  Done start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "row") return start_row(attributes);
    if (name == "c") return start_cell(attributes);
    if (name == "mergeCell") return merge(attributes.get("ref").value_or(""));
    if (name == "v") in_value_ = has_value_ = true;
    if (name == "f") has_formula_ = true;
    rich_.start(name);
    return {};
  }

  Done end(std::string_view name) override {
    if (name == "v") in_value_ = false;
    rich_.end(name);
    if (name == "c") return end_cell();
    if (name == "row") return end_row();
    return {};
  }

  Done text(std::string_view text) override {
    if (!in_value_) return rich_.text(text, context_.limits.cell_bytes);
    if (value_.size() + text.size() > context_.limits.cell_bytes) {
      return too_large("import.file.cell", context_.limits.cell_bytes);
    }
    value_ += text;
    return {};
  }

 private:
  Done start_row(const XmlAttributes& attributes) {
    const std::uint32_t before = row_.number;
    row_.number = number_in<std::uint32_t>(attributes.get("r")).value_or(before + 1);
    if (row_.number <= before) return damaged(part_, "rows out of order");
    if (row_.number > context_.limits.rows)
      return too_large("import.file.rows", context_.limits.rows);
    row_.hidden = is_true(attributes.get("hidden"));
    next_column_ = 0;
    return {};
  }

  Done start_cell(const XmlAttributes& attributes) {
    cell_ = Cell{next_column_, CellKind::Text, -1, {}};
    if (const auto place = attributes.get("r")) {
      const auto reference = parse_reference(*place);
      if (!reference) return damaged(part_, "cell reference");
      cell_.column = reference->column;
    }
    if (cell_.column >= context_.limits.columns) {
      return too_large("import.file.columns", context_.limits.columns);
    }
    next_column_ = cell_.column + 1;
    type_ = cell_type(attributes.get("t"));
    style_ = number_in<std::size_t>(attributes.get("s")).value_or(0);
    has_formula_ = has_value_ = false;
    value_.clear();
    rich_.take();
    return {};
  }

  Done end_cell() {
    if (auto done = interpret(); !done) return done;
    if (!cell_.text.empty() || cell_.kind == CellKind::Formula)
      row_.cells.push_back(std::move(cell_));
    return {};
  }

  Done interpret() {
    if (type_ == CellType::Inline) {
      cell_.text = rich_.take();
    } else if (type_ == CellType::Shared) {
      return shared_text();
    } else if (value_.empty()) {
      // An empty text is a result too (="").
      if (has_formula_ && !(has_value_ && type_ == CellType::FormulaText))
        cell_.kind = CellKind::Formula;
    } else if (type_ == CellType::Error) {
      cell_.kind = CellKind::Error;
      cell_.text = value_;
    } else if (type_ == CellType::Number) {
      numeric();
    } else if (type_ == CellType::Date) {
      set_iso_date(cell_, value_);
    } else if (type_ == CellType::Bool) {
      cell_.text = value_ == "1" ? "TRUE" : "FALSE";
    } else {
      cell_.text = unescaped(value_);  // str: the text of a formula
    }
    return {};
  }

  Done shared_text() {
    const auto index = number_in<std::size_t>(std::string_view(value_));
    const auto text = context_.texts->at(index.value_or(context_.texts->size()));
    if (!text) return tl::make_unexpected(text.error());
    if (!*text) cell_.kind = CellKind::Error;
    cell_.text = *text ? std::string(**text) : "#REF!";
    return {};
  }

  void numeric() {
    const NumberFormat format =
        style_ < context_.formats.size() ? context_.formats[style_] : NumberFormat{};
    const auto value = number_in<double>(std::string_view(value_));
    if (value) return set_number(cell_, *value, format, context_.system_1904, value_);
    cell_.kind = CellKind::Number;
    cell_.text = value_;
  }

  Done end_row() {
    const auto by_column = [](const Cell& a, const Cell& b) { return a.column < b.column; };
    if (!std::is_sorted(row_.cells.begin(), row_.cells.end(), by_column)) {
      std::stable_sort(row_.cells.begin(), row_.cells.end(), by_column);
    }
    const Done done = sink_.row(row_);
    row_.cells.clear();
    return done;
  }

  Done merge(std::string_view range) {
    const std::size_t colon = range.find(':');
    if (colon == std::string_view::npos) return {};
    const auto first = parse_reference(range.substr(0, colon));
    const auto last = parse_reference(range.substr(colon + 1));
    if (!first || !last) return damaged(part_, "merged range");
    sink_.merged({first->row, last->row, first->column, last->column});
    return {};
  }

  std::string part_;
  const WorkbookContext& context_;
  TableSink& sink_;
  Row row_;
  Cell cell_;
  CellType type_ = CellType::Number;
  std::string value_;
  std::size_t style_ = 0;
  std::uint32_t next_column_ = 0;
  bool has_formula_ = false;
  bool has_value_ = false;
  bool in_value_ = false;
  RichText rich_;
};

class XlsxReader : public TableReader {
 public:
  XlsxReader(ZipPackage package, const Limits& limits)
      : package_(std::move(package)), limits_(limits), texts_(limits.shared_strings) {
    context_.limits = limits;
  }

  /// Everything but the sheets, which are read each time they are asked for.
  Done open() {
    const auto workbook = workbook_part();
    if (!workbook) return tl::make_unexpected(workbook.error());
    WorkbookEvents events;
    if (auto done = parse_part(package_, *workbook, events); !done) return done;
    Relations relations(folder_of(*workbook));
    if (auto done = parse_part(package_, relations_of(*workbook), relations); !done) return done;
    for (SheetEntry& entry : events.sheets) {
      const auto relation = relations.by_id.find(entry.relation);
      if (relation == relations.by_id.end() || relation->second.type != "worksheet") continue;
      sheets_.push_back({std::move(entry.sheet), relation->second.part});
    }
    if (sheets_.empty()) return damaged(*workbook, "no worksheet");
    context_.system_1904 = events.system_1904;
    return open_tables(relations);
  }

  Done read(TableSink& sink) override {
    for (const auto& [sheet, part] : sheets_) {
      if (!sink.sheet(sheet)) continue;
      SheetEvents events(part, context_, sink);
      if (auto done = parse_part(package_, part, events); !done) return done;
    }
    return {};
  }

 private:
  struct Place {
    Sheet sheet;
    std::string part;
  };

  Result<std::string> workbook_part() {
    Relations root("");
    if (package_.has("_rels/.rels")) {
      if (auto done = parse_part(package_, "_rels/.rels", root); !done) {
        return tl::make_unexpected(done.error());
      }
    }
    const std::string part = root.of_type("officeDocument");
    if (package_.has(part)) return part;
    ContentTypes types;
    if (package_.has("[Content_Types].xml")) {
      if (auto done = parse_part(package_, "[Content_Types].xml", types); !done) {
        return tl::make_unexpected(done.error());
      }
    }
    if (package_.has(types.workbook)) return types.workbook;
    if (package_.has("xl/workbook.xml")) return std::string("xl/workbook.xml");
    return damaged("workbook.xml", "no workbook part");
  }

  Done open_tables(const Relations& relations) {
    if (const std::string part = relations.of_type("styles"); package_.has(part)) {
      StyleEvents styles;
      if (auto done = parse_part(package_, part, styles); !done) return done;
      context_.formats = std::move(styles.formats);
    }
    if (const std::string part = relations.of_type("sharedStrings"); package_.has(part)) {
      SharedStrings strings(limits_, texts_);
      if (auto done = parse_part(package_, part, strings); !done) return done;
    }
    context_.texts = &texts_;
    return {};
  }

  ZipPackage package_;
  Limits limits_;
  TextArena texts_;
  WorkbookContext context_;
  std::vector<Place> sheets_;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_xlsx(const std::filesystem::path& path,
                                               const Limits& limits) {
  auto package = ZipPackage::open(path, limits);
  if (!package) return tl::make_unexpected(package.error());
  auto reader = std::make_unique<XlsxReader>(std::move(*package), limits);
  if (auto done = reader->open(); !done) return tl::make_unexpected(done.error());
  return reader;
}

}  // namespace chucai::importers
