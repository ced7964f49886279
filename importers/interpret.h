// One row of a sheet becomes one draft record, with what there is to say about its cells.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "importers/columns.h"
#include "importers/header.h"
#include "importers/normalise.h"
#include "registry/domain/record.h"

namespace chucai::importers {

/// What the understanding of a row rests on beside the row.
struct Understanding {
  const CodeBook& codes;
  const RegionMap& regions;
  std::string region;   ///< of the importing office: decides between places of one name
  std::string program;  ///< for rows that name none; may be empty
  Date today;           ///< business date
};

struct CellFinding {
  const Column* column = nullptr;
  Finding finding;
};

/// A number that stands for another record, to be looked up.
struct PendingReference {
  const Column* column = nullptr;
  const RecordType* type = nullptr;
  /// Identity number (of a passport: its RecordType::identity_key), 专家编号, 需求编号, credit code
  /// ...
  std::string key;
};

struct Draft {
  std::unique_ptr<Record> record;
  std::vector<CellFinding> findings;
  std::vector<PendingReference> references;
  const CellFinding* doubt() const;  ///< the finding that sends the row to review, or null
  const Column* lacking = nullptr;   ///< a required column that came to nothing

  std::vector<const Column*> cleared;      ///< columns whose cell says 清空
  std::vector<std::string> cleared_extra;  ///< headers of kept columns likewise
  std::int64_t record_id = 0;              ///< that the row names (系统编号); 0: none
  std::string masked_number;               ///< an identity number as exports show it; empty: none
};

/// The cell that empties what the register has.
inline constexpr std::string_view kClear = "清空";
/// Before the canonical header: where a cell is kept as it was written when the value taken from it
/// does not say all of it.
inline constexpr std::string_view kAsWritten = "原填";

/// Understands the rows under one header. Holds references: kind, header and understanding must
/// outlive it.
class RowInterpreter {
 public:
  RowInterpreter(const Kind& kind, const Header& header, const Understanding& understanding);

  /// O(cells). Never fails: what cannot be read is a finding.
  Draft interpret(const Row& row) const;

 private:
  struct Bound {
    const Column* column = nullptr;
    const Field* field = nullptr;
    std::uint32_t index = 0;
  };
  struct Work;  // the row and its draft in the making

  const Bound* bound(std::string_view field, Reading reading) const;
  std::vector<std::uint32_t> set_apart(const Row& row, Work& work) const;
  void read_record_id(const Row& row, Draft& draft) const;
  void keep_extra(const Row& row, Draft& draft) const;
  void keep_as_written(Work& work) const;
  void read_cell(const Bound& bound, const Cell& cell, Work& work) const;
  void read_plain(const Bound& bound, const Cell& cell, Work& work) const;
  void read_terms(const Bound& bound, const Cell& cell, Work& work) const;
  void read_regions(const Bound& bound, const Cell& cell, Work& work) const;
  void read_reference(const Bound& bound, const Cell& cell, Work& work) const;
  std::string read_person_number(const Bound& bound, const Cell& cell, Work& work) const;
  std::string passport_key(const Cell& cell, const Work& work) const;
  void settle_identity(Work& work) const;
  void settle_birth(Work& work) const;
  void settle_region(Work& work) const;
  std::string settle_region_name(const Bound& bound, const std::string& name, std::string code,
                                 Work& work) const;
  void settle_code(std::string_view code_field, Work& work) const;
  void settle_title_grade(Work& work) const;
  void settle_subject(Work& work) const;
  void settle_parties(Work& work) const;
  void settle_party(const Bound& bound, const std::string& kind, const Cell& cell,
                    Work& work) const;
  void settle_milestone(Work& work) const;
  void note_blanks(Work& work) const;
  void note_lacking(Work& work) const;

  const Kind& kind_;
  const RecordType& type_;
  const Header& header_;
  const Understanding& with_;
  std::vector<Bound> bounds_;
};

/// The header under which a cell of `column` is kept as it was written.
std::string as_written(const Column& column);

/// True for kinds of documents whose numbers follow GB 11643 and say a birth date.
bool says_birth(std::string_view id_type);

}  // namespace chucai::importers
