#include "importers/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "registry/domain/employers.h"
#include "registry/domain/engagement.h"
#include "registry/domain/field_policy.h"
#include "registry/domain/ids.h"
#include "registry/domain/in_halves.h"
#include "registry/domain/party.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/rules/check.h"
#include "registry/domain/rules/twin_finder.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kMaskedNumber = "person.id_no.masked";
constexpr char kKeySeparator = '\x1f';   // stands in no cell
constexpr std::size_t kForeseen = 1024;  // rows that the register is asked about at once
constexpr std::size_t kUnderstoodAtOnce = 512;

Finding warning(std::string reason, std::vector<std::string> params = {}) {
  return {std::move(reason), Severity::Warning, std::move(params)};
}

Finding error(std::string reason, std::vector<std::string> params = {}) {
  return {std::move(reason), Severity::Error, std::move(params)};
}

// ---- layout

/// First pass: what every sheet looks like.
class Survey : public TableSink {
 public:
  struct Found {
    Sheet sheet;
    std::vector<Row> first_rows;
    std::vector<MergedRange> merged;
  };

  bool sheet(const Sheet& sheet) override {
    sheets.push_back({sheet, {}, {}});
    return true;
  }
  Done row(const Row& row) override {
    if (sheets.back().first_rows.size() < kHeaderSearchRows)
      sheets.back().first_rows.push_back(row);
    return {};
  }
  void merged(const MergedRange& range) override { sheets.back().merged.push_back(range); }

  std::vector<Found> sheets;
};

/// Blanks of cells merged downwards mean "as above"; this fills them in. O(ranges log ranges) for a
/// whole sheet.
class MergedCells {
 public:
  MergedCells(const std::vector<MergedRange>& ranges, const Header& header) {
    for (const MergedRange& range : ranges) {
      if (range.last_row > range.first_row && range.first_row > header.last_row) {
        ahead_.push_back(range);
      }
    }
    std::sort(ahead_.begin(), ahead_.end(), [](const MergedRange& a, const MergedRange& b) {
      return a.first_row > b.first_row;  // the next one last
    });
  }
  bool none() const { return open_.empty() && ahead_.empty(); }

  void fill(Row& row) {
    while (!ahead_.empty() && ahead_.back().first_row <= row.number) {
      open_.push_back({ahead_.back(), std::nullopt});
      ahead_.pop_back();
    }
    for (Open& open : open_) {
      if (row.number == open.range.first_row) {
        const Cell* cell = row.at(open.range.first_column);
        if (cell != nullptr) open.above = *cell;
      } else if (row.number <= open.range.last_row && open.above &&
                 row.at(open.range.first_column) == nullptr) {
        insert(row, *open.above);
      }
    }
    std::erase_if(open_, [&](const Open& open) { return open.range.last_row <= row.number; });
  }

 private:
  struct Open {
    MergedRange range;
    std::optional<Cell> above;
  };
  static void insert(Row& row, const Cell& cell) {
    const auto at = std::find_if(row.cells.begin(), row.cells.end(),
                                 [&](const Cell& present) { return present.column > cell.column; });
    row.cells.insert(at, cell);
  }
  std::vector<Open> open_;
  std::vector<MergedRange> ahead_;
};

// ---- the plan in the making

/// A data row between understanding and verdict.
struct Pending {
  std::uint32_t sheet = 0;
  std::uint32_t row = 0;
  bool hidden = false;
  Draft draft;
  std::optional<Verdict> verdict = {};
  std::vector<FieldChange> changed = {};
  std::optional<std::size_t> continues =
      {};  ///< the earlier row whose project this one goes on with
};

/// Second pass: drafts of all data rows.
class DraftSink : public TableSink {
 public:
  DraftSink(const Survey& survey, const Kind& kind, const Understanding& understanding,
            ImportPlan& plan)
      : survey_(survey), kind_(kind), understanding_(understanding), plan_(plan) {}

  bool sheet(const Sheet&) override {
    finish();
    const std::uint32_t index = next_sheet_++;
    const auto& header = plan_.sheets[index].header;
    if (!header) return false;
    current_ = index;
    interpreter_.emplace(kind_, *header, understanding_);
    merged_.emplace(survey_.sheets[index].merged, *header);
    return true;
  }

  Done row(const Row& row) override {
    const Header& header = *plan_.sheets[current_].header;
    if (row.number <= header.last_row) {
      if (row.number < header.row && has_text(row)) skip(row, RowClass::Title);
      return {};
    }
    if (merged_->none()) {
      take(row, header);
    } else {
      Row filled = row;
      merged_->fill(filled);
      take(filled, header);
    }
    return {};
  }

  /// Understands the rows that were taken and wait for others, to be understood together.
  void finish() {
    const std::size_t first = pending.size();
    pending.resize(first + waiting_);
    in_halves(waiting_, [&](std::size_t i) {
      const Row& row = block_[i];
      pending[first + i] = {current_, row.number, row.hidden, interpreter_->interpret(row)};
    });
    waiting_ = 0;
  }

  std::vector<Pending> pending;

 private:
  void take(const Row& row, const Header& header) {
    const RowClass is = classify_row(row, header, survey_.sheets[current_].merged);
    if (is != RowClass::Data) {
      if (is != RowClass::Blank) skip(row, is);
      return;
    }
    plan_.sheets[current_].hidden_rows += row.hidden ? 1 : 0;
    if (waiting_ == block_.size()) block_.emplace_back();
    block_[waiting_++] = row;  // into texts that have their memory from the rows before
    if (waiting_ == kUnderstoodAtOnce) finish();
  }
  void skip(const Row& row, RowClass is) { plan_.skipped.push_back({current_, row.number, is}); }
  static bool has_text(const Row& row) {
    return std::any_of(row.cells.begin(), row.cells.end(),
                       [](const Cell& cell) { return !tidy(cell.text).empty(); });
  }

  const Survey& survey_;
  const Kind& kind_;
  const Understanding& understanding_;
  ImportPlan& plan_;
  std::uint32_t next_sheet_ = 0;
  std::uint32_t current_ = 0;
  std::optional<RowInterpreter> interpreter_;
  std::optional<MergedCells> merged_;
  std::vector<Row> block_;  ///< the first waiting_ of them wait
  std::size_t waiting_ = 0;
};

class Planner {
 public:
  Planner(const Kind& kind, const Understanding& understanding, const ExistingRecords& existing,
          const PlanOptions& options, ImportPlan& plan, std::vector<Pending> pending)
      : kind_(kind),
        type_(kind.type()),
        rules_{&understanding.codes, &understanding.regions, understanding.today},
        existing_(existing),
        options_(options),
        plan_(plan),
        pending_(std::move(pending)) {}

  Done run() {
    for (Pending& row : pending_) {
      if (auto done = settle_alone(row); !done) return done;
    }
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      if (i % kForeseen == 0) portray(i);
      compare_with_earlier(i);
    }
    newcomers_.clear();
    if (auto done = repair_employers(); !done) return done;
    for (std::size_t at = 0; at < pending_.size(); ++at) {
      if (at % kForeseen == 0) {
        if (auto done = foresee(at); !done) return done;
      }
      if (auto done = compare_with_register(pending_[at]); !done) return done;
    }
    collect_issues();
    return {};
  }

 private:
  Done foresee(std::size_t from) const {
    std::vector<const Record*> drafts;
    const std::size_t end = std::min(from + kForeseen, pending_.size());
    for (std::size_t at = from; at < end; ++at) {
      if (!pending_[at].verdict) drafts.push_back(pending_[at].draft.record.get());
    }
    return existing_.foresee(type_, drafts);
  }

  // ---- a row by itself

  void decide(Pending& row, Verdict verdict, const Column* column, Finding finding) {
    row.verdict = verdict;
    row.draft.findings.push_back({column, std::move(finding)});
  }

  Done settle_alone(Pending& row) {
    if (auto done = settle_references(row); !done || row.verdict) return done;
    if (row.draft.lacking != nullptr) {
      decide(row, Verdict::Refused, row.draft.lacking, error("row.required"));
    } else if (row.draft.doubt() != nullptr && !waits_for_register(row.draft)) {
      row.verdict = Verdict::Review;  // the doubt itself is what the sender is told
    }
    return {};
  }

  /// An exported row shows its number masked: whose it is, the register may know.
  bool waits_for_register(const Draft& draft) const {
    if (draft.masked_number.empty() || &type_ != &type_of<Person>()) return false;
    return draft.doubt()->finding.reason == kMaskedNumber;
  }

  Done settle_references(Pending& row) {
    if (names_program()) {
      const Column* column = kind_.column("计划代码");
      const Column* program = column == nullptr ? key_column() : column;
      const std::string code = to_text(type_.field("program")->get(*row.draft.record));
      if (!code.empty()) row.draft.references.push_back({program, &type_of<Program>(), code});
    }
    for (const PendingReference& reference : row.draft.references) {
      const auto known = existing_.known_as(*reference.type, reference.key);
      if (!known) return tl::make_unexpected(known.error());
      if (!*known && reference.column->reading == Reading::PersonNumber) {
        row.draft.findings.push_back({reference.column, warning("row.reference")});
        continue;
      }
      if (!*known) {
        decide(row, Verdict::Refused, reference.column, error("row.reference"));
        return {};
      }
      refer(*row.draft.record, reference, **known);
    }
    return {};
  }

  bool names_program() const { return type_.field("program") != nullptr; }

  /// An engagement lies where its need lies; a program is named by its code, not by an id.
  void refer(Record& draft, const PendingReference& reference, const Record& known) const {
    const Field* field = type_.field(reference.column->field);
    const Reading reading = reference.column->reading;
    if (reading == Reading::Party && reference.type == &type_of<Program>()) {
      field->set(draft, static_cast<const Program&>(known).code);
    } else if (reading == Reading::Subject || reading == Reading::Party) {
      field->set(draft, id_text(known.id));
    } else if (field->type == FieldType::Ref) {
      field->set(draft, Value{known.id});
    }
    if (reference.type == &type_of<Need>() && &type_ == &type_of<Engagement>()) {
      static_cast<Engagement&>(draft).region = static_cast<const Need&>(known).region;
    }
  }

  // ---- rows of one file

  struct Key {
    std::string text;
    const Column* column;
  };

  std::vector<Key> keys_of(const Draft& row) const {
    const Record& draft = *row.record;
    std::vector<Key> keys;
    if (row.record_id != 0) return {{"record " + id_text(row.record_id), key_column()}};
    if (!options_.key.empty()) {
      std::string text = chosen_key(draft);
      if (!text.empty()) keys.push_back({std::move(text), column_of(options_.key.front()->name)});
      return keys;
    }
    if (&type_ != &type_of<Person>()) {
      std::string key = type_.natural_key == nullptr ? "" : type_.natural_key(draft);
      if (!key.empty()) keys.push_back({std::move(key), key_column()});
      return keys;
    }
    const auto& person = static_cast<const Person&>(draft);
    if (std::string identity = type_.identity_key(person); !identity.empty()) {
      keys.push_back({"id " + std::move(identity), kind_.column(Reading::Identity)});
    }
    if (!person.expert_no.empty()) keys.push_back({"no " + person.expert_no, key_column()});
    return keys;
  }

  /// What the fields that were chosen as key say; empty when one of them is blank.
  std::string chosen_key(const Record& draft) const {
    std::string text;
    for (const Field* field : options_.key) {
      const std::string part = to_text(field->get(draft));
      if (part.empty()) return {};
      text += part + kKeySeparator;
    }
    return text;
  }

  const Column* key_column() const { return &kind_.columns.front(); }

  void compare_with_earlier(std::size_t at) {
    Pending& row = pending_[at];
    if (row.verdict == Verdict::Refused) return;
    const std::vector<Key> keys = keys_of(row.draft);
    if (!row.verdict) compare_keys(row, keys);
    if (row.continues) return;
    if (&type_ == &type_of<Person>() && row.draft.record_id == 0) compare_person(at);
    for (const Key& key : keys) first_by_key_.emplace(key.text, at);
  }

  void compare_keys(Pending& row, const std::vector<Key>& keys) {
    for (const Key& key : keys) {
      const auto first = first_by_key_.find(key.text);
      if (first == first_by_key_.end()) continue;
      Pending& earlier = pending_[first->second];
      if (&type_ == &type_of<Project>() && !earlier.verdict && go_on_with(earlier, row)) {
        row.continues = first->second;
        return;
      }
      const bool other = contradicts(*earlier.draft.record, *row.draft.record);
      return decide(
          row, other ? Verdict::Review : Verdict::Duplicate, key.column,
          warning(other ? "row.same_number" : "row.duplicate", {std::to_string(earlier.row)}));
    }
  }

  /// A project has a row for each milestone: those of later rows go to the first one. False when
  /// the row says nothing new or is about another project.
  static bool go_on_with(Pending& earlier, const Pending& row) {
    auto& project = static_cast<Project&>(*earlier.draft.record);
    const auto& more = static_cast<const Project&>(*row.draft.record);
    if (project.name != more.name || more.milestones.empty()) return false;
    const std::size_t before = project.milestones.size();
    add_milestones(project.milestones, more.milestones);
    return project.milestones.size() > before;
  }

  /// One number and two names, or one expert number and two identities: not for a program to
  /// settle.
  bool contradicts(const Record& a, const Record& b) const {
    if (&type_ != &type_of<Person>()) return false;
    const auto& one = static_cast<const Person&>(a);
    const auto& other = static_cast<const Person&>(b);
    return one.name != other.name ||
           (!one.id_no.empty() && !other.id_no.empty() && one.id_no != other.id_no);
  }

  /// Draws the people of the next rows together: that costs more than to compare them.
  void portray(std::size_t from) {
    if (&type_ != &type_of<Person>()) return;
    newcomers_.resize(std::min(kForeseen, pending_.size() - from));
    in_halves(newcomers_.size(), [&](std::size_t i) {
      const auto& person = static_cast<const Person&>(*pending_[from + i].draft.record);
      newcomers_[i] = portrait_of(person, rules_.codes->pinyin());
    });
  }

  void compare_person(std::size_t at) {
    Pending& row = pending_[at];
    const TwinFinder::Newcomer& newcomer = newcomers_[at % kForeseen];
    if (!row.verdict) {
      const auto twins = finder_.twins_of(newcomer);
      if (!twins.empty())
        settle_twin(row, pending_[row_of_place_[twins.front().place]], twins.front().likeness.band);
    }
    finder_.add(newcomer);
    row_of_place_.push_back(at);
  }

  /// A row that is surely an earlier row's person once more is left out, unless the earlier one is
  /// not taken itself or lacks the number that this one knows.
  void settle_twin(Pending& row, const Pending& earlier, Band band) {
    const auto& person = static_cast<const Person&>(*row.draft.record);
    const auto& other = static_cast<const Person&>(*earlier.draft.record);
    const bool knows_more = !person.id_no.empty() && other.id_no.empty();
    const bool repeats = band == Band::Link && !earlier.verdict && !knows_more;
    decide(row, repeats ? Verdict::Duplicate : Verdict::Review, kind_.column("姓名"),
           warning(repeats ? "row.same_person" : "row.twin", {std::to_string(earlier.row)}));
  }

  // ---- units

  struct UnitFields {
    const Field* name = nullptr;
    const Field* uscc = nullptr;
    const Column* column = nullptr;
  };

  UnitFields unit_fields() const {
    const Column* column = kind_.column(Reading::Employer);
    if (column == nullptr) return {};
    return {type_.field(column->field), type_.field(std::string(column->field) + "_uscc"), column};
  }

  Done repair_employers() {
    const UnitFields fields = unit_fields();
    if (fields.name == nullptr || fields.uscc == nullptr) return {};
    std::map<std::string, std::map<std::string, std::vector<Pending*>>> by_uscc;
    for (Pending& row : pending_) {
      if (row.verdict == Verdict::Duplicate || row.verdict == Verdict::Refused) continue;
      const std::string uscc = to_text(fields.uscc->get(*row.draft.record));
      const std::string name = to_text(fields.name->get(*row.draft.record));
      if (!uscc.empty() && !name.empty()) by_uscc[uscc][name].push_back(&row);
    }
    suspect_spellings(fields);
    std::vector<std::string> usccs;
    for (const auto& [uscc, names] : by_uscc) usccs.push_back(uscc);
    if (auto done = existing_.foresee_names(usccs); !done) return done;
    for (auto& [uscc, names] : by_uscc) {
      const auto known = existing_.organization_name(uscc);
      if (!known) return tl::make_unexpected(known.error());
      repair_unit(*known, names, fields);
    }
    return {};
  }

  /// Rows without a credit code: a name written once that is a spelling of one written more often
  /// may be the same unit or another one; it is only pointed out.
  void suspect_spellings(const UnitFields& fields) {
    std::unordered_map<std::string, std::size_t> times;
    std::unordered_map<std::string, std::set<std::string>> by_loose_name;
    for (const Pending& row : pending_) {
      const std::string name = to_text(fields.name->get(*row.draft.record));
      if (!name.empty() && ++times[name] == 1) by_loose_name[loose_name(name)].insert(name);
    }
    for (Pending& row : pending_) {
      const std::string name = to_text(fields.name->get(*row.draft.record));
      const bool alone = times[name] == 1 && to_text(fields.uscc->get(*row.draft.record)).empty();
      if (name.empty() || !alone || row.verdict == Verdict::Duplicate) continue;
      const auto& others = by_loose_name[loose_name(name)];
      const bool spelling = std::any_of(others.begin(), others.end(), [&](const std::string& full) {
        return times[full] > 1 && is_spelling_of(name, full);
      });
      if (spelling) {
        row.draft.findings.push_back({fields.column, {"employer.suspected", Severity::Notice, {}}});
      }
    }
  }

  /// The name that the register knows, else the one that the others are spellings of and that is
  /// written at least as often as each of them; names that fit neither are reported.
  void repair_unit(const std::string& known,
                   const std::map<std::string, std::vector<Pending*>>& names,
                   const UnitFields& fields) {
    std::string full = known;
    if (full.empty()) {
      const auto most = std::max_element(
          names.begin(), names.end(),
          [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
      full = most->first;
      for (const auto& [name, rows] : names) {
        if (rows.size() == most->second.size() && is_spelling_of(full, name)) full = name;
      }
    }
    for (const auto& [name, rows] : names) {
      if (name == full) continue;
      const bool spelling = is_spelling_of(name, full);
      for (Pending* row : rows) {
        if (spelling) fields.name->set(*row->draft.record, Value{full});
        row->draft.findings.push_back(
            {fields.column, spelling ? Finding{"employer.spelling", Severity::Info, {}}
                                     : warning("employer.differs")});
      }
    }
  }

  // ---- the register

  Done compare_with_register(Pending& row) {
    if (row.continues) return plan_continuation(row);
    if (row.verdict) return plan_row(row);
    Record& draft = *row.draft.record;
    if (!kind_.role.empty()) add_role(static_cast<Person&>(draft), kind_.role);
    auto stored = stored_for(row);
    if (!stored && stored.error().code == ErrorCode::Conflict) {
      decide(row, Verdict::Review, key_column(), warning(stored.error().problem.reason));
      return plan_row(row);
    }
    if (!stored) return tl::make_unexpected(stored.error());
    if (row.verdict) return plan_row(row);
    if (*stored) {
      compare_with_stored(row, **stored);
    } else if (auto done = settle_unknown(row); !done) {
      return done;
    }
    return plan_row(row);
  }

  /// The stored record that a row is about, by what is surest: the id that it names, the key that
  /// was chosen, the kind's own key, a number as exports show it. Null: none; the row has a verdict
  /// when that is for a person to say.
  Result<std::unique_ptr<Record>> stored_for(Pending& row) {
    const Record& draft = *row.draft.record;
    if (row.draft.record_id != 0) {
      auto named = existing_.by_id(type_, row.draft.record_id);
      if (named && !*named) decide(row, Verdict::Review, nullptr, warning("row.id_unknown"));
      if (named && *named) take_for_masked(row);
      return named;
    }
    if (!options_.key.empty()) return stored_by_key(row);
    auto stored = existing_.same(type_, draft);
    if (!stored || row.draft.masked_number.empty() || &type_ != &type_of<Person>()) return stored;
    if (!*stored) {
      auto people = existing_.shown_as(static_cast<const Person&>(draft), row.draft.masked_number);
      if (!people) return tl::make_unexpected(people.error());
      stored = only_likely(static_cast<const Person&>(draft), std::move(*people));
    }
    if (*stored) {
      take_for_masked(row);
    } else {
      row.verdict = Verdict::Review;  // the masked number is what the sender is told
    }
    return stored;
  }

  Result<std::unique_ptr<Record>> stored_by_key(Pending& row) {
    const Column* column = column_of(options_.key.front()->name);
    if (chosen_key(*row.draft.record).empty()) {
      decide(row, Verdict::Review, column, warning("row.key_blank"));
      return std::unique_ptr<Record>();
    }
    auto found = existing_.alike(type_, *row.draft.record, options_.key);
    if (!found) return tl::make_unexpected(found.error());
    if (found->size() > 1) {
      decide(row, Verdict::Review, column, warning("row.key_several"));
      return std::unique_ptr<Record>();
    }
    if (!found->empty()) take_for_masked(row);
    return found->empty() ? existing_.same(type_, *row.draft.record) : std::move(found->front());
  }

  /// The one of several namesakes with one mask who was born when the draft says, or works there.
  static std::unique_ptr<Record> only_likely(const Person& draft,
                                             std::vector<std::unique_ptr<Record>> people) {
    const auto keep = [&](auto&& agrees) {
      std::erase_if(
          people, [&](const auto& record) { return !agrees(static_cast<const Person&>(*record)); });
    };
    keep([&](const Person& person) {
      return !draft.birth || !person.birth || may_be_equal(draft.birth, person.birth);
    });
    const bool birth_tells = draft.birth && people.size() == 1;
    if (!birth_tells) {
      keep([&](const Person& person) {
        return !draft.employer.empty() && draft.employer == person.employer;
      });
    }
    return people.size() == 1 ? std::move(people.front()) : nullptr;
  }

  /// The masked number says nothing new about the record that was found.
  static void take_for_masked(Pending& row) {
    for (CellFinding& found : row.draft.findings) {
      if (found.finding.reason == kMaskedNumber)
        found.finding = {"cell.masked", Severity::Info, {}};
    }
  }

  /// The only namesake without a number of whom the register says all that the row says, and that
  /// is more than a name: a row of an earlier sheet, or of an export, once more. Null: none.
  Result<std::unique_ptr<Record>> repeated_person(const Person& draft) const {
    constexpr std::size_t kFewestSaid = 3;
    if (!draft.id_no.empty()) return std::unique_ptr<Record>();
    std::size_t said = 0;
    for (const Field& field : type_.fields) {
      const bool tells = !one_of(field.name, {"name", "roles", "status", "nationality", "id_type"});
      if (tells && !is_blank(&field, draft)) ++said;
    }
    if (said < kFewestSaid) return std::unique_ptr<Record>();
    auto people = existing_.shown_as(draft, "");
    if (!people) return tl::make_unexpected(people.error());
    std::erase_if(*people, [&](const auto& stored) {
      const auto after = merged(type_, *stored, draft);
      const auto changed = changed_fields(type_, *stored, *after);
      return std::any_of(changed.begin(), changed.end(),
                         [](std::string_view name) { return name != "roles"; });
    });
    return people->size() == 1 ? std::move(people->front()) : nullptr;
  }

  /// A row about something that the register has not.
  Done settle_unknown(Pending& row) {
    Record& draft = *row.draft.record;
    if (&type_ == &type_of<Person>()) {
      auto repeated = repeated_person(static_cast<const Person&>(draft));
      if (!repeated) return tl::make_unexpected(repeated.error());
      if (*repeated) {
        compare_with_stored(row, **repeated);
        return {};
      }
      const auto twin = existing_.likely_twin(static_cast<const Person&>(draft));
      if (!twin) return tl::make_unexpected(twin.error());
      if (twin->band == Band::Link) {
        row.draft.findings.push_back({kind_.column("姓名"), {"row.linked", Severity::Notice, {}}});
        compare_with_stored(row, *twin->person);
        return {};
      }
      if (twin->band == Band::Review) {
        decide(row, Verdict::Review, kind_.column("姓名"), warning("row.twin_stored"));
        return {};
      }
    }
    if (options_.mode == Mode::Update) {
      decide(row, Verdict::Refused, key_column(), error("row.absent"));
      return {};
    }
    const Field* status = type_.field("status");
    if (status != nullptr && !kind_.status.empty() && to_text(status->get(draft)).empty()) {
      status->set(draft, Value{std::string(kind_.status)});
    }
    check_rules(row, nullptr);
    if (!row.verdict) row.verdict = Verdict::New;
    return {};
  }

  void compare_with_stored(Pending& row, const Record& stored) {
    if (options_.mode == Mode::Create) {
      return decide(row, Verdict::Duplicate, key_column(), warning("row.exists"));
    }
    if (contradicts_stored(stored, *row.draft.record)) {
      return decide(row, Verdict::Review, kind_.column("姓名"), warning("row.other_name"));
    }
    auto after = merged(type_, stored, *row.draft.record);
    clear(row.draft, *after);
    forget_as_written(*row.draft.record, *after);
    row.draft.record = std::move(after);
    check_rules(row, &stored);
    for (const std::string_view name : changed_fields(type_, stored, *row.draft.record)) {
      const Field* field = type_.field(name);
      row.changed.push_back({name, field == nullptr ? "" : to_text(field->get(stored)),
                             field == nullptr ? "" : to_text(field->get(*row.draft.record))});
    }
    if (!row.verdict) row.verdict = row.changed.empty() ? Verdict::Same : Verdict::Updated;
  }

  /// 清空 empties what the register has; a number of a person is never emptied by a sheet.
  void clear(Draft& draft, Record& after) const {
    for (const Column* column : draft.cleared) {
      const Field* field = type_.field(column->field);
      if (field == nullptr || field->type == FieldType::Sealed) continue;
      field->set(after, Value{});
      // A place or a branch has a code and a text beside it; clearing either clears the other's.
      const Field* code = type_.field(code_field_of(field->name));
      if (code != nullptr && code != field && is_blank(code, *draft.record)) {
        code->set(after, Value{});
      }
      const Field* text = type_.field(std::string(field->name) + "_text");
      if (text != nullptr && is_blank(text, *draft.record)) text->set(after, Value{});
      after.extra.erase(std::string(column->header));
      after.extra.erase(as_written(*column));
    }
    for (const std::string& header : draft.cleared_extra) after.extra.erase(header);
  }

  static bool is_blank(const Field* field, const Record& record) {
    return std::holds_alternative<std::monostate>(field->get(record));
  }

  /// What an earlier sheet had to keep as written is gone once this one says it well.
  void forget_as_written(const Record& draft, Record& after) const {
    for (const Column& column : kind_.columns) {
      const Field* field = type_.field(column.field);
      if (field == nullptr || is_blank(field, draft)) continue;
      for (const std::string& header : {std::string(column.header), as_written(column)}) {
        if (!draft.extra.contains(header)) after.extra.erase(header);
      }
    }
  }

  bool contradicts_stored(const Record& stored, const Record& draft) const {
    return &type_ == &type_of<Person>() &&
           static_cast<const Person&>(stored).name != static_cast<const Person&>(draft).name;
  }

  /// The rules of the register. What an optional cell breaks is left out and reported; what a
  /// required one breaks refuses the row.
  void check_rules(Pending& row, const Record* stored) {
    Record& record = *row.draft.record;
    for (const Problem& problem : check_draft(type_, record, rules_)) {
      const Field* field = type_.field(problem.where);
      const Column* column = column_of(problem.where);
      if (field == nullptr || field->required || field->type == FieldType::Sealed) {
        return decide(row, Verdict::Refused, column, error(problem.reason, problem.params));
      }
      if (column != nullptr) record.extra[as_written(*column)] = to_text(field->get(record));
      field->set(record, Value{});
      row.draft.findings.push_back({column, warning(problem.reason, problem.params)});
    }
    if (auto done = existing_.admits(type_, stored, record); !done) refuse(row, done.error());
  }

  /// Of several problems the first one is told.
  void refuse(Pending& row, const Error& why) {
    const Problem& problem = why.details.empty() ? why.problem : why.details.front();
    const Column* column = column_of(problem.where);
    decide(row, Verdict::Refused, column == nullptr ? kind_.column(Reading::RegionCode) : column,
           error(problem.reason, problem.params));
  }

  const Column* column_of(std::string_view field) const {
    for (const Column& column : kind_.columns) {
      if (column.field == field) return &column;
    }
    return nullptr;
  }

  Done plan_row(Pending& row) {
    const Verdict verdict = *row.verdict;
    const bool carries =
        verdict == Verdict::New || verdict == Verdict::Updated || verdict == Verdict::Review;
    plan_.rows.push_back({row.sheet, row.row, row.hidden, verdict,
                          carries ? std::move(row.draft.record) : nullptr, std::move(row.changed)});
    return {};
  }

  /// What becomes of the row that it goes on with becomes of it, in that row's record.
  Done plan_continuation(Pending& row) {
    row.verdict = pending_[*row.continues].verdict;
    plan_.rows.push_back({row.sheet, row.row, row.hidden, *row.verdict, nullptr, {}});
    return {};
  }

  // ---- what to say

  void collect_issues() {
    for (Pending& row : pending_) {
      for (CellFinding& finding : row.draft.findings) {
        plan_.issues.push_back({row.sheet, row.row,
                                finding.column == nullptr ? "" : finding.column->header,
                                std::move(finding.finding)});
      }
    }
  }

  const Kind& kind_;
  const RecordType& type_;
  RuleContext rules_;
  const ExistingRecords& existing_;
  const PlanOptions& options_;
  ImportPlan& plan_;
  std::vector<Pending> pending_;
  std::unordered_map<std::string, std::size_t> first_by_key_;
  TwinFinder finder_;
  std::vector<TwinFinder::Newcomer> newcomers_;  ///< of the kForeseen rows at hand
  std::vector<std::size_t> row_of_place_;        // row_of_place_[i]: row of the finder's person i
};

/// Visible sheets with a header of the kind; hidden ones only when there is no other.
void choose_sheets(const Survey& survey, const Kind& kind, const Mappings& mappings,
                   ImportPlan& plan) {
  bool visible = false;
  for (const Survey::Found& found : survey.sheets) {
    PlannedSheet sheet{found.sheet.name, found.sheet.hidden, std::nullopt};
    if (found.sheet.name != kBatchSheet) {
      sheet.header = find_header(found.first_rows, kind, found.merged, mappings);
    }
    visible = visible || (sheet.header && !sheet.hidden);
    plan.sheets.push_back(std::move(sheet));
  }
  for (std::uint32_t at = 0; at < plan.sheets.size(); ++at) {
    PlannedSheet& sheet = plan.sheets[at];
    if (!sheet.hidden || !sheet.header) continue;
    plan.issues.push_back({at,
                           sheet.header->row,
                           {},
                           {visible ? "import.sheet.left_out" : "import.sheet.hidden",
                            Severity::Notice,
                            {sheet.name}}});
    if (visible) sheet.header.reset();
  }
}

/// The batch that a mended workbook goes on with, from its own hidden sheet.
std::optional<Continuation> continuation_in(const Survey& survey) {
  for (const Survey::Found& found : survey.sheets) {
    if (found.sheet.name != kBatchSheet || !found.sheet.hidden) continue;
    Continuation continues;
    for (const Row& row : found.first_rows) {
      if (row.cells.size() != 2) continue;
      const std::string& text = row.cells[1].text;
      if (row.cells[0].text == kBatchLabel) continues.batch = parse_id(text).value_or(0);
      if (row.cells[0].text == kFileLabel) continues.file_digest = text;
    }
    return continues;
  }
  return std::nullopt;
}

/// Hidden rows count like the others; the sender is told, once a sheet.
void tell_hidden_rows(ImportPlan& plan) {
  for (std::uint32_t at = 0; at < plan.sheets.size(); ++at) {
    const PlannedSheet& sheet = plan.sheets[at];
    if (sheet.hidden_rows == 0) continue;
    plan.issues.push_back(
        {at,
         sheet.header->row,
         {},
         {"import.rows.hidden", Severity::Notice, {std::to_string(sheet.hidden_rows)}}});
  }
}

/// The columns that no table knows, and those that must not be kept.
void sort_unknown_columns(ImportPlan& plan) {
  std::set<std::string> unknown;
  for (std::uint32_t at = 0; at < plan.sheets.size(); ++at) {
    const PlannedSheet& sheet = plan.sheets[at];
    if (!sheet.header) continue;
    for (const SheetColumn& column : sheet.header->columns) {
      if (column.column != nullptr || column.header.empty()) continue;
      if (must_not_be_kept(column.header)) {
        plan.issues.push_back({at,
                               sheet.header->row,
                               {},
                               {"import.column.dropped", Severity::Notice, {column.header}}});
      } else {
        unknown.insert(column.header);
      }
    }
  }
  plan.unknown_headers.assign(unknown.begin(), unknown.end());
}

/// A required column that no sheet row could fill is one error about the file, not one a row.
Done check_required(const PlannedSheet& sheet, const Kind& kind,
                    const Understanding& understanding) {
  std::vector<std::string> absent;
  for (const Column& column : kind.columns) {
    const bool defaulted = column.field == "program" && !understanding.program.empty();
    if (column.presence != Presence::Required || defaulted || sheet.header->of(column) != nullptr)
      continue;
    absent.emplace_back(column.header);
  }
  if (absent.empty()) return {};
  return fail(ErrorCode::InvalidArgument, "import.header.required", {}, {join_list(absent)});
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  static constexpr std::array<std::string_view, kVerdicts> kNames = {
      "new", "updated", "same", "duplicate", "review", "refused"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::array<std::size_t, kVerdicts> ImportPlan::counts() const {
  std::array<std::size_t, kVerdicts> counts{};
  for (const PlannedRow& row : rows) ++counts[static_cast<std::size_t>(row.verdict)];
  return counts;
}

std::unique_ptr<Record> merged(const RecordType& type, const Record& stored, const Record& draft) {
  auto after = type.make();
  for (const Field& field : type.fields) field.set(*after, field.get(stored));
  after->id = stored.id;
  after->version = stored.version;
  after->created_at = stored.created_at;
  after->updated_at = stored.updated_at;
  after->batch = stored.batch;
  after->office = stored.office;
  after->extra = stored.extra;
  for (const auto& [header, text] : draft.extra) after->extra[header] = text;
  for (const Field& field : type.fields) {
    const Value said = field.get(draft);
    const Value had = field.get(stored);
    const Field* code = type.field(code_field_of(field.name));
    const bool code_says_it = code != &field && code != nullptr &&
                              !std::holds_alternative<std::monostate>(code->get(draft));
    if (std::holds_alternative<std::monostate>(said)) {
      if (code_says_it) field.set(*after, Value{});
      continue;
    }
    if (field.type == FieldType::Sealed && !std::holds_alternative<std::monostate>(had)) continue;
    const Date* old_date = std::get_if<Date>(&had);
    const Date* new_date = std::get_if<Date>(&said);
    if (old_date != nullptr && new_date != nullptr && may_be_equal(*old_date, *new_date) &&
        (new_date->month == 0 || (new_date->day == 0 && old_date->month != 0))) {
      continue;
    }
    if (field.name == "milestones" && !std::holds_alternative<std::monostate>(had)) {
      auto milestones = std::get<std::vector<std::string>>(had);
      add_milestones(milestones, std::get<std::vector<std::string>>(said));
      field.set(*after, Value{std::move(milestones)});
      continue;
    }
    if (field.name == "roles") {
      auto roles = std::holds_alternative<std::monostate>(had)
                       ? std::vector<std::string>{}
                       : std::get<std::vector<std::string>>(had);
      for (const std::string& role : std::get<std::vector<std::string>>(said)) {
        if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
      }
      field.set(*after, Value{std::move(roles)});
      continue;
    }
    field.set(*after, said);
  }
  return after;
}

Result<ImportPlan> make_plan(TableReader& reader, const Kind& kind,
                             const Understanding& understanding, const ExistingRecords& existing,
                             const PlanOptions& options) {
  Survey survey;
  if (auto done = reader.read(survey); !done) return tl::make_unexpected(done.error());
  ImportPlan plan;
  plan.kind = &kind;
  plan.continues = continuation_in(survey);
  choose_sheets(survey, kind, options.mappings, plan);
  bool any = false;
  for (const PlannedSheet& sheet : plan.sheets) {
    if (!sheet.header) continue;
    any = true;
    if (auto done = check_required(sheet, kind, understanding); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  if (!any) return fail(ErrorCode::InvalidArgument, "import.header.absent");
  sort_unknown_columns(plan);
  DraftSink drafts(survey, kind, understanding, plan);
  if (auto done = reader.read(drafts); !done) return tl::make_unexpected(done.error());
  drafts.finish();
  tell_hidden_rows(plan);
  Planner planner(kind, understanding, existing, options, plan, std::move(drafts.pending));
  if (auto done = planner.run(); !done) return tl::make_unexpected(done.error());
  return plan;
}

Result<std::vector<const Field*>> parse_key(const Kind& kind, std::string_view text) {
  std::vector<const Field*> key;
  for (const std::string& name : split_list(text)) {
    const Column* column = mapping_target(kind, name);
    const Field* field = column == nullptr ? nullptr : kind.type().field(column->field);
    const bool sealed = field != nullptr && field->type == FieldType::Sealed;
    if (field == nullptr || sealed || field->type == FieldType::Ref) {
      return fail(ErrorCode::InvalidArgument, "import.key", "key", {name});
    }
    key.push_back(field);
  }
  return key;
}

}  // namespace chucai::importers
