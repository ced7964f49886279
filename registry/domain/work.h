// A work (成果): a paper, patent or report of an expert; text evidence for ranking.
#pragma once

#include <optional>

#include "registry/domain/person.h"

namespace chucai {

struct Work : Record {
  PersonId person;
  std::string title;
  std::string summary;
  std::optional<std::int64_t> year;
  std::string kind;                  ///< 论文, 专利, 报告 as written
  std::vector<std::string> authors;  ///< 专家编号 of those who share it
  std::string region;                ///< of the person

  bool operator==(const Work&) const = default;
};

template <>
const RecordType& type_of<Work>();

}  // namespace chucai
