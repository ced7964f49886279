// What applying migrations must do on every database.
#pragma once

#include <string>

namespace chucai::testing {

/// `url`: an empty database. Every SECTION starts on an empty one.
void migration_contract(const std::string& url);

}  // namespace chucai::testing
