// An engagement (对接): one expert for one need, from enrolment or shortlist to completion.
#pragma once

#include "registry/domain/need.h"
#include "registry/domain/person.h"

namespace chucai {

struct Engagement : Record {
  std::string number;  ///< 报名编号; unique where given
  NeedId need;
  PersonId person;
  Date enrolled_on;
  std::string channel;  ///< 个人报名, 单位推荐, 组织选派
  std::string status;   ///< scheme engagement_status
  Date start;
  Date end;
  std::string satisfaction;  ///< scheme satisfaction
  std::string decline_reason;
  std::string region;  ///< of the need, so that scope holds without a join

  bool operator==(const Engagement&) const = default;
};

template <>
const RecordType& type_of<Engagement>();

/// True while the engagement takes one of the expert's services in its year (not declined, lapsed,
/// cancelled, rejected or terminated).
bool counts_as_load(const Engagement& engagement);
/// True when the engagement fills a seat of its need.
bool fills_seat(const Engagement& engagement);

}  // namespace chucai
