// A programme (计划/工程/机制/政策), its rounds (批次) and its targets (指标). Programmes are data:
// the 81 of the plan ship as registry/codes/programs.csv, an 82nd is a row.
#pragma once

#include <optional>

#include "registry/domain/record.h"

namespace chucai {

struct Program : Record {
  std::string code;
  std::string seed_item;  ///< 20.1 ... 22.36; empty for a programme of an office
  std::string name_zh;    ///< empty: 「名称待填」 (22.9), never guessed
  std::string name_en;
  std::string kind;      ///< scheme program_kind
  std::string parent;    ///< code of the programme it belongs to
  std::string rule;      ///< scheme coverage_rule: Q E U D F
  std::string rule2;     ///< second rule or empty
  std::string counted;   ///< scheme counted: record type whose rows are counted
  std::string unit;      ///< scheme coverage_unit: what the denominator counts
  std::string coverage;  ///< what coverage means, in words
  std::string lead_office;
  std::string exit_rule;
  std::string import_columns;  ///< base column set and extra columns

  bool operator==(const Program&) const = default;
};

struct Round : Record {
  std::string program;  ///< code
  std::string label;    ///< 首届, 第七批
  std::optional<std::int64_t> ordinal;
  Date start;
  Date end;
  std::string place;
  std::string region;
  std::string industry;
  std::string host;
  std::optional<std::int64_t> capacity;

  bool operator==(const Round&) const = default;
};

struct Target : Record {
  std::string program;  ///< code
  std::optional<std::int64_t> year;
  std::string region;     ///< empty: the whole province
  std::string dimension;  ///< industry code, tier or the like; empty: none
  std::string metric;     ///< what is planned; empty: the programme's counted thing
  std::optional<std::int64_t> value;
  std::string source_doc;

  bool operator==(const Target&) const = default;
};

/// The ordinal that a round's label says: 首届 1, 第七批 7, 2018年第十二期 12; nullopt when none.
std::optional<std::int64_t> ordinal_in(std::string_view label);

template <>
const RecordType& type_of<Program>();
template <>
const RecordType& type_of<Round>();
template <>
const RecordType& type_of<Target>();

}  // namespace chucai
