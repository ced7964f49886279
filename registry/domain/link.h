// A link (联系/关系): a dated relation between two parties: a leader and an expert, a person and a
// unit, a mentor and a student, the links of the five chains, a programme merged into another.
#pragma once

#include "registry/domain/record.h"

namespace chucai {

struct Link : Record {
  std::string from_type;  ///< 甲方类型, scheme party_type
  std::string from;       ///< 甲方标识, see party.h
  std::string relation;   ///< scheme link_type
  std::string to_type;    ///< 乙方类型
  std::string to;         ///< 乙方标识
  Date start;
  Date end;
  std::string note;
  std::string program;  ///< code of the programme that it belongs to; empty: what the relation says
  std::string region;   ///< of the first party that has one

  bool operator==(const Link&) const = default;
};

template <>
const RecordType& type_of<Link>();

}  // namespace chucai
