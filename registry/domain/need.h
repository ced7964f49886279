// A need (需求): what a city, county, village or enterprise asks experts for.
#pragma once

#include <optional>

#include "registry/domain/record.h"

namespace chucai {

struct Need : Record {
  std::string number;  ///< 需求编号 that an office gave; unique
  std::string requester;
  std::string requester_uscc;
  std::string name;
  std::string kind;  ///< 技术难题, 智力服务, 人才引进 ... as written
  std::string region;
  std::string region_text;
  std::string industry;
  std::string industry_text;
  std::string discipline;
  std::string discipline_text;
  std::string description;
  std::string title_floor;      ///< scheme title_floor
  std::string education_floor;  ///< scheme education_floor
  std::optional<std::int64_t> headcount;
  std::string service_mode;  ///< scheme service_mode: on_site, remote, any
  std::optional<std::int64_t> days;
  std::vector<std::string> languages;
  Date open_date;
  Date close_date;
  std::optional<std::int64_t> budget_fen;
  std::string program;  ///< code of the programme that it serves
  std::string rural_category;
  std::string contact;
  std::string phone;
  std::string status;  ///< scheme need_status

  bool operator==(const Need&) const = default;
};

using NeedId = Id<Need>;

template <>
const RecordType& type_of<Need>();

/// Accepted, matching or partly filled: the needs that a plan serves.
bool is_open(const Need& need);

}  // namespace chucai
