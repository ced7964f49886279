// Records as rows of a KIND's columns: names and labels where people read them, codes where the
// column asks for codes. What is exported can be imported again.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "importers/columns.h"
#include "importers/workbook_writer.h"
#include "registry/domain/code_book.h"
#include "registry/domain/field_policy.h"
#include "registry/domain/region_map.h"

namespace chucai::importers {

/// A text of the record that `id` of `type` refers to ("person", 7, "expert_no"); empty when the
/// asker may not see it.
using Referred =
    std::function<std::string(std::string_view type, std::int64_t id, std::string_view field)>;

/// Whether rows name their record by its id (系统编号), behind the kind's own columns.
enum class RecordIds : std::uint8_t { Left, Named };

class Exporter {
 public:
  /// All referenced objects must outlive the exporter. `extra_headers`: columns beyond the kind's
  /// own (those of programmes and offices), written last.
  Exporter(const Kind& kind, const CodeBook& codes, const RegionMap& regions, Viewer viewer,
           Referred referred, std::vector<std::string> extra_headers,
           RecordIds ids = RecordIds::Left);

  /// Canonical headers in export order, then the extra ones.
  std::vector<std::string> header() const;
  /// Rows that the record takes: one, for a project one for each milestone.
  std::size_t parts(const Record& record) const;
  /// The cells of one of its rows, one for each header, as the viewer may see them.
  std::vector<std::string> row(const Record& record, std::size_t part = 0) const;

 private:
  std::string cell(const Column& column, const Record& record, std::size_t part) const;
  std::string milestone_cell(const Column& column, const Value& lines, std::size_t part) const;
  std::string term_names(const Column& column, const Field& field, const Value& value) const;
  std::string region_name(std::string_view code) const;
  std::string of_code(const Column& column, const Record& record) const;
  std::string reference(const Column& column, const Record& record) const;
  std::string party(const Column& column, const Record& record) const;
  std::string shown_number(std::string_view type, std::int64_t id) const;
  bool hides_numbers() const;
  std::string shown_id(std::string_view type, std::int64_t id) const;
  std::string identity_number(std::int64_t person) const;
  std::string told(std::string_view type, std::int64_t id, std::string_view field) const;

  const Kind& kind_;
  const RecordType& type_;
  std::vector<const Column*> columns_;  ///< those that are exported
  const CodeBook& codes_;
  const RegionMap& regions_;
  Viewer viewer_;
  Referred referred_;
  std::vector<std::string> extra_headers_;
};

/// Hundredths as a number with two decimals at most: 8750 -> "87.5", 100000 -> "1000".
std::string from_hundredths(std::int64_t hundredths);

/// Fen as 万元 without rounding and with a decimal at least: 4800000 -> "4.8", 5000000 -> "5.0",
/// 12345 -> "0.012345".
std::string ten_thousand_yuan(std::int64_t fen);

}  // namespace chucai::importers
