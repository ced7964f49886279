#include "importers/template.h"

#include <algorithm>

#include "importers/choices.h"
#include "importers/workbook_writer.h"
#include "registry/domain/field_policy.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kNumber = "序号";
constexpr std::string_view kExample = "示例";
constexpr std::string_view kInstructions = "填写说明";

/// How a column is filled in: the reason of messages.csv that says it, and what it may look like.
struct Guidance {
  std::string_view reason;
  std::string_view example;
};

Guidance guidance_of(Reading reading) {
  switch (reading) {
    case Reading::Name:
      return {"template.name", "张三"};
    case Reading::Employer:
      return {"template.unit", "湖北省某某研究院"};
    case Reading::Date:
      return {"template.date", "2018-06-30"};
    case Reading::BirthDate:
      return {"template.date", "1985-03-01"};
    case Reading::BirthMonth:
      return {"template.month", "1985-03"};
    case Reading::Code:
    case Reading::MilestoneStatus:
      return {"template.choice", ""};
    case Reading::CodeList:
    case Reading::RegionList:
      return {"template.choices", ""};
    case Reading::CodeNumber:
      return {"template.code", ""};
    case Reading::NameOfCode:
    case Reading::Branch:
      return {"template.name_of_code", ""};
    case Reading::RegionCode:
      return {"template.region_code", "420106"};
    case Reading::RegionName:
      return {"template.region", "湖北省武汉市武昌区"};
    case Reading::List:
      return {"template.list", "茶叶病害、土壤改良"};
    case Reading::Title:
      return {"template.title", "高级工程师"};
    case Reading::Integer:
      return {"template.whole", "2"};
    case Reading::TenThousandYuan:
    case Reading::Yuan:
    case Reading::Hundredths:
      return {"template.amount", "50"};
    case Reading::MilestoneName:
      return {"template.milestone", "中期检查"};
    case Reading::MilestoneDue:
      return {"template.date", "2019-06-30"};
    case Reading::Phone:
      return {"template.phone", "19900000000"};
    case Reading::Email:
      return {"template.email", "zhangsan@example.com"};
    case Reading::Identity:
    case Reading::PersonNumber:
      return {"template.identity", "11010519491231002X"};
    case Reading::Uscc:
      return {"template.uscc", "91420100MA4KXYT77J"};
    case Reading::Reference:
    case Reading::Subject:
    case Reading::Party:
      return {"template.reference", ""};
    case Reading::Referred:
      return {"template.referred", ""};
    case Reading::Text:
    case Reading::Ignored:
    case Reading::RecordId:
      return {"template.text", ""};
  }
  return {"template.text", ""};
}

/// A column of the form.
struct FormColumn {
  std::string header;
  bool required = false;
  std::string guidance;
  std::string example;
  Choices choices = {};
};

class Form {
 public:
  Form(const FormWords& words, const Kind& kind, std::string_view program,
       std::span<const ProgramColumn> added)
      : words_(words) {
    columns_.push_back(
        {std::string(kNumber), false, text("template.number"), std::string(kExample)});
    for (const Column& column : kind.columns) {
      if (column.presence != Presence::TakenOnly) add(kind, column, program);
    }
    for (const ProgramColumn& column : added) {
      columns_.push_back({column.header,
                          false,
                          text(column.choices.empty() ? "template.text" : "template.choice"),
                          column.choices.empty() ? "" : column.choices.front(),
                          {column.choices, OtherText::Allowed}});
    }
  }

  Done write(FormWorkbook& book, const std::string& sheet) const {
    if (auto done = book.sheet(sheet); !done) return done;
    std::vector<FormCell> header;
    std::vector<FormCell> example;
    for (const FormColumn& column : columns_) {
      header.push_back(
          {column.header, column.required ? Look::Required : Look::Heading, column.guidance});
      example.push_back({column.example, Look::Example});
    }
    if (auto done = book.row(header); !done) return done;
    book.freeze();
    if (auto done = book.row(example); !done) return done;
    for (std::uint32_t at = 0; at < columns_.size(); ++at) {
      const Choices& choices = columns_[at].choices;
      if (auto done = book.offer(at, kFormRows, choices.items, choices.other); !done) return done;
    }
    return write_instructions(book);
  }

 private:
  std::string text(std::string_view reason) const {
    return words_.messages.text({std::string(reason), {}, {}}, Language::Chinese);
  }

  void add(const Kind& kind, const Column& column, std::string_view program) {
    const Guidance guidance = guidance_of(column.reading);
    FormColumn form{std::string(column.header), column.presence == Presence::Required,
                    text(guidance.reason), std::string(guidance.example),
                    choices_of(kind, column, words_.codes, words_.regions)};
    if (column.field == "program" && !program.empty()) {
      form.choices = {{std::string(program)}, OtherText::Asked};
    }
    if (form.example.empty() && !form.choices.items.empty()) {
      form.example = form.choices.items.front();
    }
    columns_.push_back(std::move(form));
  }

  Done write_instructions(FormWorkbook& book) const {
    if (auto done = book.sheet(kInstructions); !done) return done;
    const auto line = [&](std::vector<FormCell> cells) { return book.row(cells); };
    for (const std::string_view reason : {"template.step.fill", "template.step.text",
                                          "template.step.blank", "template.step.send"}) {
      if (auto done = line({{text(reason)}}); !done) return done;
    }
    std::vector<FormCell> head;
    for (const std::string_view reason : {"template.head.column", "template.head.required",
                                          "template.head.how", "template.head.example"}) {
      head.push_back({text(reason), Look::Heading});
    }
    if (auto done = line(head); !done) return done;
    for (const FormColumn& column : columns_) {
      const Done done = line({{column.header},
                              {column.required ? text("template.required") : std::string()},
                              {column.guidance},
                              {column.example, Look::Example}});
      if (!done) return done;
    }
    return {};
  }

  const FormWords& words_;
  std::vector<FormColumn> columns_;
};

}  // namespace

Done write_template(const FormWords& words, const Kind& kind, std::string_view program,
                    std::span<const ProgramColumn> added, const std::filesystem::path& path) {
  auto book = FormWorkbook::create(path);
  if (!book) return tl::make_unexpected(book.error());
  const Form form(words, kind, program, added);
  if (auto done = form.write(*book, std::string(kind.name)); !done) return done;
  return book->finish();
}

Result<std::vector<ProgramColumn>> added_columns(const Kind& kind,
                                                 std::string_view import_columns) {
  std::vector<ProgramColumn> added;
  std::vector<std::string> names;
  bool found = false;
  for (const ColumnSet& set : column_sets(import_columns)) {
    names.emplace_back(set.kind->name);
    if (set.kind != &kind) continue;
    found = true;
    for (const ProgramColumn& column : set.added) {
      const Column* known = find_column(kind, column.header);
      const bool shown = known != nullptr && known->presence != Presence::TakenOnly;
      if (!shown && !must_not_be_kept(column.header)) added.push_back(column);
    }
  }
  if (found) return added;
  return fail(ErrorCode::InvalidArgument, "template.kind", "KIND", {join_list(names)});
}

}  // namespace chucai::importers
