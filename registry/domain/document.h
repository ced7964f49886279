// A document (文件/材料): policy text, decision or evidence. What is known about it is the record;
// its files are kept by digest beside the database (service/documents.h).
#pragma once

#include "registry/domain/record.h"

namespace chucai {

struct Document : Record {
  std::string name;
  std::string number;  ///< 文号; unique where given
  std::string issuer;
  Date issued_on;
  Date valid_from;
  Date valid_to;
  std::string level;  ///< 层级 as written
  std::string region;
  std::string program;  ///< code

  bool operator==(const Document&) const = default;
};

using DocumentId = Id<Document>;

template <>
const RecordType& type_of<Document>();

}  // namespace chucai
