// An assessment (评价/考核/评估): a score or grade of an office, project, person, programme or
// region in one period of one scheme.
#pragma once

#include <optional>

#include "registry/domain/record.h"

namespace chucai {

struct Assessment : Record {
  std::string subject_type;  ///< scheme party_type
  std::string subject;       ///< see party.h
  std::string scheme;  ///< 评价方案: what it was assessed by; a programme's code counts for it
  std::string period;  ///< 2018, 2018年上半年 ... as written
  std::optional<std::int64_t> score_hundredths;  ///< 得分 x 100
  std::string grade;                             ///< 等次 as written
  Date on;
  std::string assessor;  ///< 评价单位
  std::string program;   ///< code of the programme it is done for; empty: what the scheme says
  std::string region;    ///< of the subject

  bool operator==(const Assessment&) const = default;
};

template <>
const RecordType& type_of<Assessment>();

}  // namespace chucai
