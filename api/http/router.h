// The route table: which handler answers which method and path, and what the asker must be granted.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"
#include "api/http/response.h"
#include "registry/domain/result.h"

namespace chucai::http {

/// Answers one request. May throw: the dispatcher turns that into a 500 with the request id.
using Handler = std::function<Result<Response>(const Request&)>;

/// Which threads run a handler. Work of one lane cannot keep another waiting.
enum class Lane {
  Health,  ///< answers from memory: health checks, metrics
  Normal,  ///< reads and writes of records
  Heavy,   ///< matching, plans, imports: few at a time, 503 when too many wait
};

/// Permission of a route that needs nobody signed in. A route always names its permission.
inline constexpr std::string_view kAnyone = "anyone";
inline constexpr std::size_t kJsonBodyLimit = 1 << 20;
/// Bodies are held in memory, so no route may ask for more than this.
inline constexpr std::size_t kLargestBodyLimit = 64 << 20;

struct Route {
  std::string method;
  std::string pattern;  ///< "/api/v1/people/{id}"; a last "{name*}" takes all that is left
  std::string permission;
  Handler handler;
  Lane lane = Lane::Normal;
  std::size_t max_body = kJsonBodyLimit;  ///< bytes
};

/// What a method and path lead to.
struct RouteMatch {
  const Route* route = nullptr;  ///< null: none
  Pairs params;
  std::string allow;  ///< methods of the path when only the method is wrong; empty: unknown path
};

/// Finds routes; a literal segment wins over a parameter. Cost: the number of segments, unless
/// patterns overlap. Immutable once built, so any number of threads may ask it.
class Router {
 public:
  /// Errors: Internal http.route naming the pattern that is malformed, stands twice, has no
  /// permission or asks for too large a body.
  static Result<Router> build(std::vector<Route> routes);

  /// HEAD is answered by GET's handler unless it has its own.
  RouteMatch match(std::string_view method, const std::vector<std::string>& segments) const;

 private:
  using Methods = std::map<std::string, const Route*, std::less<>>;
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    Methods methods;  // of the pattern that ends here
    Methods rest;     // of the pattern that ends in {name*} below here
  };

  bool add(const Route& route);
  static const Methods* find(const Node& node, const std::vector<std::string>& segments,
                             std::size_t at);

  std::unique_ptr<const std::vector<Route>> routes_;  // at a fixed address: nodes point into it
  Node root_;
};

}  // namespace chucai::http
