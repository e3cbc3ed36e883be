#include "http/router.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "center/nearest.h"

namespace fansipan::http {
namespace {

std::vector<std::string> SegmentsOf(std::string_view pattern) {
  assert(pattern.starts_with('/'));
  std::vector<std::string> segments;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const std::size_t slash = std::min(pattern.find('/'), pattern.size());
    segments.emplace_back(pattern.substr(0, slash));
    pattern.remove_prefix(std::min(slash + 1, pattern.size()));
  }
  return segments;
}

bool IsVariable(std::string_view segment) { return segment.starts_with('{'); }

/// The interface has no other paths than those in the table, however they are written.
bool IsApi(std::string_view segment) {
  constexpr std::string_view kApi = "api";
  return std::equal(segment.begin(), segment.end(), kApi.begin(), kApi.end(),
                    [](char c, char wanted) { return (c | 0x20) == wanted; });
}

/// Matches a pattern, taking the variables' texts. "{*}" at the end takes all that is left.
bool Matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments,
             std::map<std::string, std::string, std::less<>>& path) {
  const bool open = !pattern.empty() && pattern.back() == "{*}";
  if (open && !segments.empty() && IsApi(segments.front())) return false;
  if (open ? segments.size() + 1 < pattern.size() : segments.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size() - (open ? 1 : 0); ++i) {
    if (IsVariable(pattern[i])) {
      path[pattern[i].substr(1, pattern[i].size() - 2)] = segments[i];
    } else if (pattern[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

bool IsAllowed(const std::vector<std::string>& allowed, const std::string& name) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& known) {
    if (known == "*") return true;
    if (!known.ends_with(".*")) return known == name;
    return name.size() + 1 > known.size() &&
           name.starts_with(std::string_view(known).substr(0, known.size() - 1));
  });
}

base::Status CheckParameters(const Route& route, Call& call) {
  std::set<std::string_view> seen;
  const auto& allowed = route.options().query;
  for (const auto& [name, value] : call.request->query) {
    if (!IsAllowed(allowed, name)) {
      call.nearest = center::NearestNames(name, allowed, 3);
      std::string names;
      for (const auto& known : allowed) names += (names.empty() ? "" : ", ") + known;
      return base::Error{base::ErrorCode::kInvalidArgument, "unknown_parameter",
                         "there is no parameter '" + name + "' here; " +
                             (names.empty() ? "none is taken" : "allowed: " + names)};
    }
    if (!seen.insert(name).second) {
      return base::Error{base::ErrorCode::kInvalidArgument, "repeated_parameter",
                         "parameter '" + name + "' stands there twice; say it once"};
    }
  }
  return {};
}

}  // namespace

std::string_view NameOf(Lane lane) {
  switch (lane) {
    case Lane::kInline:
      return "inline";
    case Lane::kFigures:
      return "figures";
    case Lane::kHeavy:
      return "heavy";
    case Lane::kIntake:
      return "intake";
    case Lane::kSignIn:
      return "sign_in";
    case Lane::kOperation:
      return "operation";
    case Lane::kTrial:
      return "trial";
  }
  return "inline";
}

Route::Route(Method method, std::string pattern, Right right, Handler handler, RouteOptions options)
    : method_(method),
      pattern_(std::move(pattern)),
      segments_(SegmentsOf(pattern_)),
      right_(std::move(right)),
      handler_(std::move(handler)),
      options_(std::move(options)) {
  assert(handler_);
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::set<std::pair<std::string, Method>> seen;
  for (const Route& route : routes_) {
    [[maybe_unused]] const bool is_new = seen.emplace(route.pattern(), route.method()).second;
    assert(is_new);
  }
}

RouteMatch Router::Find(Method method, const std::vector<std::string>& segments, bool local) const {
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  RouteMatch match;
  for (const Route& route : routes_) {
    if (route.options().local_only && !local) continue;
    std::map<std::string, std::string, std::less<>> path;
    if (!Matches(route.segments_, segments, path)) continue;
    // A path of fixed names stands before one with an open end.
    if (!match.allow.empty() && !route.segments_.empty() && route.segments_.back() == "{*}") {
      break;
    }
    match.allow += (match.allow.empty() ? "" : ", ") + std::string(NameOf(route.method()));
    if (route.method() == Method::kGet) match.allow += ", HEAD";
    if (route.method() != wanted) continue;
    match.route = &route;
    match.path = std::move(path);
  }
  if (!match.allow.empty()) match.allow += ", OPTIONS";
  return match;
}

base::Status Router::Authorise(const Route& route, const Call& call) {
  return security::Require(call.identity, route.right().action(), route.right().object(call));
}

base::Result<Response> Router::Dispatch(const Route& route, Call& call) {
  FANSIPAN_RETURN_IF_ERROR(Authorise(route, call));
  FANSIPAN_RETURN_IF_ERROR(CheckParameters(route, call));
  return route.handler_(call);
}

}  // namespace fansipan::http
