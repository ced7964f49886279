// What the files that list record fields share: records.cpp and outcome_records.cpp.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "registry/domain/record.h"

namespace chucai {

template <class R>
std::unique_ptr<Record> make_record() {
  return std::make_unique<R>();
}

/// Joins the parts of a natural key; a part cannot hold the unit separator (texts are normalised).
std::string joined_key(std::initializer_list<std::string_view> parts);

}  // namespace chucai
