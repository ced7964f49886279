#include "api/http/router.h"

#include <algorithm>
#include <utility>

namespace chucai::http {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool takes_rest(std::string_view segment) {
  return is_parameter(segment) && segment[segment.size() - 2] == '*';
}

// {name} parts of the pattern with what the path has there.
Pairs params_of(std::string_view pattern, const std::vector<std::string>& segments) {
  Pairs params;
  const std::vector<std::string> parts = split(pattern);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    if (takes_rest(part)) {
      std::string rest;
      for (std::size_t j = i; j < segments.size(); ++j) rest += (j > i ? "/" : "") + segments[j];
      params.emplace_back(part.substr(1, part.size() - 3), rest);
    } else if (is_parameter(part)) {
      params.emplace_back(part.substr(1, part.size() - 2), segments[i]);
    }
  }
  return params;
}

std::string allowed(const std::map<std::string, const Route*, std::less<>>& methods) {
  std::string allow = "OPTIONS";
  for (const auto& [method, route] : methods) {
    if (method == "OPTIONS") continue;
    allow += ", " + method;
    if (method == "GET" && !methods.contains("HEAD")) allow += ", HEAD";
  }
  return allow;
}

}  // namespace

Result<Router> Router::build(std::vector<Route> routes) {
  Router router;
  router.routes_ = std::make_unique<const std::vector<Route>>(std::move(routes));
  for (const Route& route : *router.routes_) {
    if (!router.add(route)) {
      return fail(ErrorCode::Internal, "http.route", {}, {route.method + " " + route.pattern});
    }
  }
  return router;
}

bool Router::add(const Route& route) {
  if (route.pattern.empty() || route.pattern.front() != '/') return false;
  if (route.permission.empty() || !route.handler || route.max_body > kLargestBodyLimit)
    return false;
  Node* node = &root_;
  const std::vector<std::string> parts = split(route.pattern);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (takes_rest(parts[i])) {
      return i + 1 == parts.size() && node->rest.emplace(route.method, &route).second;
    }
    auto& child = is_parameter(parts[i]) ? node->parameter : node->literals[parts[i]];
    if (!child) child = std::make_unique<Node>();
    node = child.get();
  }
  return node->methods.emplace(route.method, &route).second;
}

const Router::Methods* Router::find(const Node& node, const std::vector<std::string>& segments,
                                    std::size_t at) {
  if (at == segments.size()) return node.methods.empty() ? nullptr : &node.methods;
  if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end()) {
    if (const Methods* found = find(*literal->second, segments, at + 1)) return found;
  }
  if (node.parameter && !segments[at].empty()) {
    if (const Methods* found = find(*node.parameter, segments, at + 1)) return found;
  }
  return node.rest.empty() ? nullptr : &node.rest;
}

RouteMatch Router::match(std::string_view method, const std::vector<std::string>& segments) const {
  RouteMatch match;
  const Methods* methods = find(root_, segments, 0);
  if (!methods) return match;
  auto entry = methods->find(method);
  if (entry == methods->end() && method == "HEAD") entry = methods->find("GET");
  if (entry == methods->end()) {
    match.allow = allowed(*methods);
    return match;
  }
  match.route = entry->second;
  match.params = params_of(match.route->pattern, segments);
  return match;
}

}  // namespace chucai::http
