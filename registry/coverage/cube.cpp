#include "registry/coverage/cube.h"

#include <algorithm>
#include <charconv>

#include "registry/domain/text.h"

namespace chucai::coverage {
namespace {

const FactKey& key_of(const ProjectFact& project) {
  return project.row.key;
}
const FactKey& key_of(const LinkFact& link) {
  return link.row.key;
}
template <class Row>
const FactKey& key_of(const Row& row) {
  return row.key;
}

template <class Row>
auto place_of(std::vector<Row>& rows, std::int64_t id) {
  return std::lower_bound(rows.begin(), rows.end(), id, [](const Row& row, std::int64_t wanted) {
    return key_of(row).id < wanted;
  });
}

}  // namespace

std::size_t Words::kind_of(Column column) {
  const bool is_place = column == Column::Scope || column == Column::Office;
  return static_cast<std::size_t>(is_place ? Column::Region : column);
}

std::size_t Words::size() const {
  std::size_t sum = 0;
  for (const Dictionary& kind : kinds_) sum += kind.size();
  return sum;
}

std::size_t bytes_of(const Cube& cube) {
  std::size_t sum = 0;
  for (const Table* table : {&cube.subjects, &cube.participations, &cube.engagements, &cube.needs,
                             &cube.funds, &cube.assessments, &cube.target_facts}) {
    sum += bytes_of(*table);
  }
  return sum;
}

CubeWriter::CubeWriter()
    : subjects_({Column::Type, Column::Scope, Column::Office, Column::Region, Column::Status,
                 Column::Industry, Column::Discipline, Column::Category, Column::Language,
                 Column::Role}),
      participations_({Column::Program, Column::Scope, Column::Office, Column::Region,
                       Column::Month, Column::Status, Column::Reason, Column::Country}),
      engagements_({Column::Program, Column::Scope, Column::Office, Column::Region, Column::Month,
                    Column::Status, Column::Industry, Column::Discipline, Column::Need}),
      needs_({Column::Program, Column::Scope, Column::Office, Column::Region, Column::Month,
              Column::Status, Column::Industry, Column::Discipline}),
      funds_({Column::Program, Column::Scope, Column::Office, Column::Region, Column::Month,
              Column::Type}),
      assessments_({Column::Program, Column::Scope, Column::Office, Column::Region, Column::Month}),
      target_facts_({Column::Program, Column::Scope, Column::Office, Column::Region, Column::Month,
                     Column::Industry}) {}

FactRow CubeWriter::keyed(const FactKey& key) {
  FactRow row;
  row.id = key.id;
  set(row, Column::Scope, key.scope);
  set(row, Column::Office, key.office);
  return row;
}

void CubeWriter::set(FactRow& row, Column column, std::string_view text) {
  row.at(column) = words_.of(column).add(text);
}

// Every subject has its row from the first, so that owner numbers find it without a search.
std::uint32_t CubeWriter::subject(std::string_view type, std::int64_t id) {
  auto at = subject_owners_.find(type);
  if (at == subject_owners_.end()) at = subject_owners_.try_emplace(std::string(type)).first;
  if (const auto known = at->second.find(id)) return *known;
  const std::uint32_t owner = subject_count_++;
  at->second.set(id, owner);
  put_subject(type, id, {});
  return owner;
}

// A region is its number everywhere; what else has a code and no record gets one of its own.
std::uint32_t CubeWriter::subject(const fact::Party& party) {
  if (party.code.empty()) return subject(party.type, party.id);
  std::int64_t number = 0;
  const char* end = party.code.data() + party.code.size();
  const auto read = std::from_chars(party.code.data(), end, number);
  if (party.type == "region" && read.ptr == end) return subject(party.type, number);
  return subject(party.type, -1 - std::int64_t{party_codes_.add(party.type + " " + party.code)});
}

void CubeWriter::put_subject(std::string_view type, std::int64_t id, FactRow row) {
  row.owner = *subject_owners_.find(type)->second.find(id);
  row.id = row.owner;
  row.amount = id;
  set(row, Column::Type, type);
  subjects_.put(std::move(row));
}

void CubeWriter::take(fact::Person row, Log log) {
  subject("person", row.key.id);
  FactRow fact = keyed(row.key);
  set(fact, Column::Region, row.region);
  set(fact, Column::Industry, row.industry);
  set(fact, Column::Discipline, row.discipline);
  set(fact, Column::Category, row.category);
  set(fact, Column::Language, join(row.languages, "\n"));
  set(fact, Column::Status, row.status);
  set(fact, Column::Role, row.expert ? "expert" : "");
  fact.log.assign(log.begin(), log.end());
  put_subject("person", row.key.id, std::move(fact));
}

void CubeWriter::take(fact::Organization row) {
  subject("organization", row.key.id);
  FactRow fact = keyed(row.key);
  set(fact, Column::Region, row.region);
  set(fact, Column::Industry, row.industry);
  set(fact, Column::Category, row.kind);
  put_subject("organization", row.key.id, std::move(fact));
  const std::int64_t id = row.key.id;
  keep(organizations_, std::move(row), id);
}

void CubeWriter::take(fact::Project row, Log log) {
  subject("project", row.key.id);
  FactRow fact = keyed(row.key);
  set(fact, Column::Region, row.region);
  set(fact, Column::Industry, row.industry);
  put_subject("project", row.key.id, std::move(fact));
  ProjectFact kept{std::move(row), {}};
  for (const StatusAt& entry : log) {
    kept.log.emplace_back(entry.day, words_.of(Column::Status).text(entry.status));
  }
  const std::int64_t id = kept.row.key.id;
  keep(projects_, std::move(kept), id);
}

void CubeWriter::take(fact::Participation row, Log log) {
  FactRow fact = keyed(row.key);
  fact.owner = subject(row.subject);
  set(fact, Column::Program, row.program);
  set(fact, Column::Region, row.region);
  set(fact, Column::Status, row.status);
  set(fact, Column::Reason, row.exit_reason);
  set(fact, Column::Country, row.country);
  set(fact, Column::Month, month_text(row.on));
  fact.day = day_number(row.on);
  fact.log.assign(log.begin(), log.end());
  participations_.put(std::move(fact));
}

std::uint32_t CubeWriter::need(std::int64_t id) {
  if (const auto known = need_owners_.find(id)) return *known;
  const auto owner = static_cast<std::uint32_t>(need_facts_.size());
  need_owners_.set(id, owner);
  need_facts_.emplace_back();
  return owner;
}

void CubeWriter::take(fact::Need row, Log log) {
  FactRow fact = keyed(row.key);
  fact.owner = need(row.key.id);
  set(fact, Column::Program, row.program);
  set(fact, Column::Region, row.region);
  set(fact, Column::Industry, row.industry);
  set(fact, Column::Discipline, row.discipline);
  set(fact, Column::Status, row.status);
  set(fact, Column::Month, month_text(row.on));
  fact.day = day_number(row.on);
  fact.amount = row.headcount;
  fact.log.assign(log.begin(), log.end());
  need_facts_[fact.owner] = {fact.at(Column::Program), fact.at(Column::Industry),
                             fact.at(Column::Discipline), fact.at(Column::Month),
                             fact.at(Column::Region)};
  needs_.put(std::move(fact));
}

void CubeWriter::take(fact::Engagement row, Log log) {
  FactRow fact = keyed(row.key);
  fact.owner = subject("person", row.person);
  fact.at(Column::Need) = need(row.need);
  const NeedFacts& asked = need_facts_[fact.at(Column::Need)];
  fact.at(Column::Program) = asked.program;
  fact.at(Column::Industry) = asked.industry;
  fact.at(Column::Discipline) = asked.discipline;
  fact.at(Column::Month) = asked.month;
  fact.at(Column::Region) = asked.region;
  set(fact, Column::Status, row.status);
  fact.day = day_number(row.on);
  fact.log.assign(log.begin(), log.end());
  engagements_.put(std::move(fact));
}

// Of facts that belong to nothing but themselves.
std::uint32_t CubeWriter::own_number(IdMap& owners, std::uint32_t& count, std::int64_t id) {
  if (const auto known = owners.find(id)) return *known;
  owners.set(id, count);
  return count++;
}

void CubeWriter::take(fact::FundEntry row) {
  FactRow fact = keyed(row.key);
  fact.owner = own_number(fund_owners_, fund_count_, row.key.id);
  set(fact, Column::Program, row.program);
  set(fact, Column::Region, row.region);
  set(fact, Column::Type, row.type);
  set(fact, Column::Month, month_text(row.on));
  fact.day = day_number(row.on);
  fact.amount = row.amount_fen;
  funds_.put(std::move(fact));
}

void CubeWriter::take(fact::Assessment row) {
  FactRow fact = keyed(row.key);
  fact.owner = subject(row.subject);
  set(fact, Column::Program, row.program);
  // A region that is assessed lies where it is.
  set(fact, Column::Region, row.subject.type == "region" ? row.subject.code : row.region);
  set(fact, Column::Month, month_text(row.on));
  fact.day = day_number(row.on);
  fact.amount = row.score_hundredths;
  assessments_.put(std::move(fact));
}

void CubeWriter::take(fact::Program row) {
  const std::int64_t id = row.key.id;
  words_.of(Column::Program).add(row.code);
  keep(programs_, std::move(row), id);
}

void CubeWriter::take(fact::Round row) {
  const std::int64_t id = row.key.id;
  keep(rounds_, std::move(row), id);
}

void CubeWriter::take(fact::Target row) {
  FactRow fact = keyed(row.key);
  fact.owner = own_number(target_owners_, target_count_, row.key.id);
  set(fact, Column::Program, row.program);
  set(fact, Column::Region, row.region.empty() ? "420000" : row.region);
  set(fact, Column::Month, row.year == 0 ? std::string() : std::to_string(row.year));
  set(fact, Column::Industry, row.dimension);
  fact.amount = row.value;
  target_facts_.put(std::move(fact));
  const std::int64_t id = row.key.id;
  keep(targets_, std::move(row), id);
}

void CubeWriter::take(fact::Link row) {
  LinkFact link{std::move(row)};
  if (link.row.from.type == "person") link.from = subject(link.row.from);
  if (link.row.to.type == "person") link.to = subject(link.row.to);
  const std::int64_t id = link.row.key.id;
  keep(links_, std::move(link), id);
}

void CubeWriter::take(fact::Document row) {
  const std::int64_t id = row.key.id;
  keep(documents_, std::move(row), id);
}

void CubeWriter::drop(std::string_view type, std::int64_t id) {
  if (const auto at = subject_owners_.find(type); at != subject_owners_.end()) {
    if (at->second.find(id)) put_subject(type, id, {});
  }
  if (type == "participation") participations_.remove(id);
  if (type == "engagement") engagements_.remove(id);
  if (type == "need") needs_.remove(id);
  if (type == "fund_entry") funds_.remove(id);
  if (type == "assessment") assessments_.remove(id);
  if (type == "target") target_facts_.remove(id);
  if (type == "program") forget(programs_, id);
  if (type == "organization") forget(organizations_, id);
  if (type == "round") forget(rounds_, id);
  if (type == "target") forget(targets_, id);
  if (type == "project") forget(projects_, id);
  if (type == "link") forget(links_, id);
  if (type == "document") forget(documents_, id);
}

// Shared rows are copied before the first change.
template <class Row>
void CubeWriter::keep(Kept<Row>& kept, Row row, std::int64_t id) {
  if (kept.is_shared) kept = {std::make_shared<std::vector<Row>>(*kept.rows), false};
  auto& rows = *kept.rows;
  const auto at = place_of(rows, id);
  if (at != rows.end() && key_of(*at).id == id) {
    *at = std::move(row);
  } else {
    rows.insert(at, std::move(row));
  }
}

template <class Row>
void CubeWriter::forget(Kept<Row>& kept, std::int64_t id) {
  if (kept.is_shared) kept = {std::make_shared<std::vector<Row>>(*kept.rows), false};
  const auto at = place_of(*kept.rows, id);
  if (at != kept.rows->end() && key_of(*at).id == id) kept.rows->erase(at);
}

template <class Row>
Rows<Row> CubeWriter::share(Kept<Row>& kept) {
  kept.is_shared = true;
  return kept.rows;
}

std::shared_ptr<const Cube> CubeWriter::snapshot(std::int64_t version) {
  if (!shown_words_ || shown_words_->size() != words_.size()) {
    shown_words_ = std::make_shared<Words>(words_);
  }
  auto cube = std::make_shared<Cube>();
  cube->version = version;
  cube->words = shown_words_;
  cube->subjects = subjects_.snapshot();
  cube->participations = participations_.snapshot();
  cube->engagements = engagements_.snapshot();
  cube->needs = needs_.snapshot();
  cube->funds = funds_.snapshot();
  cube->assessments = assessments_.snapshot();
  cube->target_facts = target_facts_.snapshot();
  cube->need_owners = static_cast<std::uint32_t>(need_facts_.size());
  cube->programs = share(programs_);
  cube->organizations = share(organizations_);
  cube->rounds = share(rounds_);
  cube->targets = share(targets_);
  cube->projects = share(projects_);
  cube->links = share(links_);
  cube->documents = share(documents_);
  return cube;
}

}  // namespace chucai::coverage
