// An organization (单位): office, employer, laboratory, park, agency, village host, team.
#pragma once

#include "registry/domain/record.h"

namespace chucai {

struct Organization : Record {
  std::string name;
  std::string uscc;   ///< unified social credit code (GB 32100); unique where known
  std::string kind;   ///< scheme org_kind
  std::string level;  ///< 国家级, 省级 ...
  std::string region;
  std::string industry;
  std::string parent;  ///< name of the parent organization
  std::string contact;
  std::string phone;
  std::string note;

  bool operator==(const Organization&) const = default;
};

using OrganizationId = Id<Organization>;

template <>
const RecordType& type_of<Organization>();

}  // namespace chucai
