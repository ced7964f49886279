// One unit, several spellings: how offices shorten and decorate the names of employers, for the
// importers, which repair them, and for the rule that tells twins apart.
#pragma once

#include <string>
#include <string_view>

namespace chucai {

/// What spellings of one unit have in common: without 湖北, without （本部） or 办公室 behind,
/// company forms and hospital names shortened.
std::string loose_name(std::string_view name);

/// True when `written` is how people shorten or decorate `full`: 湖北 dropped, 有限责任公司 as
/// 有限公司, 股份有限公司 as 公司, 人民医院 as 医院, any of them together; or something in brackets
/// or 办公室 behind it.
bool is_spelling_of(std::string_view written, std::string_view full);

}  // namespace chucai
