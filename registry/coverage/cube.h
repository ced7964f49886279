// The facts of the register in columns (the cube), one immutable version of them. Readers keep the
// version they started with; a writer follows the change feed and hands out the next one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/coverage/table.h"
#include "registry/domain/coverage_facts.h"

namespace chucai::coverage {

/// The texts behind the codes of each column.
class Words {
 public:
  Dictionary& of(Column column) { return kinds_[kind_of(column)]; }
  const Dictionary& of(Column column) const { return kinds_[kind_of(column)]; }
  /// How many texts there are in all.
  std::size_t size() const;

 private:
  static std::size_t kind_of(Column column);
  std::array<Dictionary, kColumns> kinds_;
};

/// A project with what the log says of its status.
struct ProjectFact {
  fact::Project row;
  std::vector<std::pair<std::int32_t, std::string>> log;
};
/// A link whose people are known by their owner number; kNoOwner: no person.
inline constexpr std::uint32_t kNoOwner = UINT32_MAX;
struct LinkFact {
  fact::Link row;
  std::uint32_t from = kNoOwner;
  std::uint32_t to = kNoOwner;
};

/// Rows of the kinds that are few, in order of id.
template <class Row>
using Rows = std::shared_ptr<const std::vector<Row>>;

/// One version. Owners of participations, engagements and assessments are subjects: owner `n` is
/// row `n % kOwners` of chunk `n / kOwners` of `subjects`, which every owner has.
struct Cube {
  std::int64_t version = 0;  ///< number of the last change in it
  std::shared_ptr<const Words> words;
  Table subjects;        ///< people, organizations, projects, regions; `amount` is the record's id
  Table participations;  ///< by subject
  Table engagements;     ///< by person; programme, month, industry, discipline are the need's
  Table needs;           ///< `amount` is the headcount
  Table funds;           ///< `amount` in fen
  Table assessments;     ///< by subject; `amount` in hundredths
  Table target_facts;    ///< `amount` is the planned number; the rows themselves are `targets`
  std::uint32_t need_owners = 0;
  Rows<fact::Program> programs;
  Rows<fact::Organization> organizations;
  Rows<fact::Round> rounds;
  Rows<fact::Target> targets;
  Rows<ProjectFact> projects;
  Rows<LinkFact> links;
  Rows<fact::Document> documents;

  /// A code of a subject's column.
  Code of_subject(std::uint32_t owner, Column column) const {
    return subjects[owner / kOwners]->column(column)[owner % kOwners];
  }
  /// The code of a text in a column, beyond every code when nothing has it.
  Code code(Column column, std::string_view text) const { return words->of(column).find(text); }
  const std::string& text(Column column, Code code) const { return words->of(column).text(code); }
};

/// Bytes of the columns of a cube.
std::size_t bytes_of(const Cube& cube);

/// The cube while it grows. One thread.
class CubeWriter {
 public:
  CubeWriter();
  CubeWriter(const CubeWriter&) = delete;
  CubeWriter& operator=(const CubeWriter&) = delete;

  using Log = std::span<const StatusAt>;
  /// Takes a row in, in the place of one with its id. `log`: its statuses so far.
  void take(fact::Program row);
  void take(fact::Person row, Log log);
  void take(fact::Organization row);
  void take(fact::Participation row, Log log);
  void take(fact::Need row, Log log);
  void take(fact::Engagement row, Log log);
  void take(fact::Round row);
  void take(fact::Target row);
  void take(fact::FundEntry row);
  void take(fact::Project row, Log log);
  void take(fact::Assessment row);
  void take(fact::Link row);
  void take(fact::Document row);
  /// Takes the record of this type away.
  void drop(std::string_view record_type, std::int64_t id);

  /// The code of a status, for logs.
  Code status(std::string_view text) { return words_.of(Column::Status).add(text); }
  /// What stands now, as version `version`. Cost: what was touched since the last one.
  std::shared_ptr<const Cube> snapshot(std::int64_t version);

 private:
  FactRow keyed(const FactKey& key);
  void set(FactRow& row, Column column, std::string_view text);
  std::uint32_t subject(std::string_view type, std::int64_t id);
  std::uint32_t subject(const fact::Party& party);
  void put_subject(std::string_view type, std::int64_t id, FactRow row);

  struct NeedFacts {
    Code program = 0;
    Code industry = 0;
    Code discipline = 0;
    Code month = 0;
    Code region = 0;
  };
  std::uint32_t need(std::int64_t id);
  static std::uint32_t own_number(IdMap& owners, std::uint32_t& count, std::int64_t id);

  template <class Row>
  struct Kept {
    std::shared_ptr<std::vector<Row>> rows = std::make_shared<std::vector<Row>>();
    bool is_shared = false;
  };
  template <class Row>
  void keep(Kept<Row>& kept, Row row, std::int64_t id);
  template <class Row>
  void forget(Kept<Row>& kept, std::int64_t id);
  template <class Row>
  Rows<Row> share(Kept<Row>& kept);

  Words words_;
  std::shared_ptr<const Words> shown_words_;
  GrowingTable subjects_;
  GrowingTable participations_;
  GrowingTable engagements_;
  GrowingTable needs_;
  GrowingTable funds_;
  GrowingTable assessments_;
  GrowingTable target_facts_;
  std::map<std::string, IdMap, std::less<>> subject_owners_;  // by type
  std::uint32_t subject_count_ = 0;
  Dictionary party_codes_;  // of parties that are no records
  IdMap need_owners_;
  std::vector<NeedFacts> need_facts_;  // by owner
  IdMap fund_owners_;
  std::uint32_t fund_count_ = 0;
  IdMap target_owners_;
  std::uint32_t target_count_ = 0;
  Kept<fact::Program> programs_;
  Kept<fact::Organization> organizations_;
  Kept<fact::Round> rounds_;
  Kept<fact::Target> targets_;
  Kept<ProjectFact> projects_;
  Kept<LinkFact> links_;
  Kept<fact::Document> documents_;
};

}  // namespace chucai::coverage
