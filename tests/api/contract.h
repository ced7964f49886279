// The OpenAPI document as a judge of real answers: the part of JSON Schema that it uses, and no
// more.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/json/reader.h"
#include "tests/support/http_client.h"

namespace chucai::testing {

/// What the contract says can be asked.
struct AskedOperation {
  std::string method;
  std::string path;
  std::vector<std::string> query;    ///< names of query parameters
  std::vector<std::string> members;  ///< names of the members of a JSON body
};

class Contract {
 public:
  Contract();

  /// "GET /api/v1/people" -> its x-permission, for every operation.
  std::map<std::string, std::string> permissions() const;
  std::vector<AskedOperation> operations() const;
  /// Names of the properties of a collection's record.
  std::set<std::string> properties_of(const std::string& collection) const;
  /// How a reply breaks the contract of its route; empty: it does not.
  std::string breach(const std::string& method, const std::string& pattern,
                     const HttpReply& reply) const;

 private:
  std::vector<std::string> body_members(const JsonValue& operation) const;
  std::string breach_of(const JsonValue& schema, std::string_view text) const;
  const JsonValue& resolved(const JsonValue& schema) const;
  const JsonValue* at(std::string_view pointer) const;
  std::string mismatch(const JsonValue& schema, const JsonValue& value,
                       const std::string& place) const;
  std::string members_mismatch(const JsonValue& schema, const JsonValue& value,
                               const std::string& place) const;

  JsonValue document_;
};

}  // namespace chucai::testing
