// A fund entry (资金流水): money planned, sent down, paid out, given back or awarded, in fen.
#pragma once

#include <optional>

#include "registry/domain/record.h"

namespace chucai {

struct FundEntry : Record {
  std::string program;  ///< code
  std::string round;    ///< round label; empty: none
  std::string region;
  std::string payee;  ///< who got it, as written (收款人/单位)
  std::string type;   ///< scheme fund_type: budget, allocation, disbursement, return, award
  std::optional<std::int64_t> amount_fen;  ///< never negative; a return takes away
  Date on;
  std::string voucher;  ///< 凭证号; unique where given

  bool operator==(const FundEntry&) const = default;
};

template <>
const RecordType& type_of<FundEntry>();

}  // namespace chucai
