// The OpenAPI document as a judge of real answers: the part of JSON Schema that it uses, and no
// more.
#pragma once

#include <map>
#include <set>
#include <string>

#include "api/json/reader.h"
#include "tests/support/http_client.h"

namespace chucai::testing {

class Contract {
 public:
  Contract();

  /// "GET /api/v1/people" -> its x-permission, for every operation.
  std::map<std::string, std::string> permissions() const;
  /// Names of the properties of a collection's record.
  std::set<std::string> properties_of(const std::string& collection) const;
  /// How a reply breaks the contract of its route; empty: it does not.
  std::string breach(const std::string& method, const std::string& pattern,
                     const HttpReply& reply) const;

 private:
  const JsonValue& resolved(const JsonValue& schema) const;
  const JsonValue* at(std::string_view pointer) const;
  std::string mismatch(const JsonValue& schema, const JsonValue& value,
                       const std::string& place) const;
  std::string members_mismatch(const JsonValue& schema, const JsonValue& value,
                               const std::string& place) const;

  JsonValue document_;
};

}  // namespace chucai::testing
