#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/call.h"
#include "http/message.h"
#include "security/authorisation.h"

namespace fansipan::http {

/// Where a handler runs, so that one kind of work cannot starve another.
enum class Lane {
  kInline,     ///< on the thread that reads the connection: from memory alone, for anybody
  kFigures,    ///< reads the engine's newest state; see LaneOf for past ones
  kHeavy,      ///< asks the fact store or the archive
  kIntake,     ///< takes deliveries
  kSignIn,     ///< evaluates passwords
  kOperation,  ///< changes or checks the whole center
  kTrial,      ///< finds out what something would do; may last, and ends with whoever asked
};
inline constexpr std::size_t kLaneCount = 7;
std::string_view NameOf(Lane lane);

/// The right that a route needs: an action, and how the object it is done on follows from the call.
/// There is no route without one.
class Right {
 public:
  using ObjectOf = std::function<security::Object(const Call&)>;
  explicit Right(security::Action action) : action_(action) {}
  Right(security::Action action, ObjectOf object) : action_(action), object_(std::move(object)) {}

  security::Action action() const { return action_; }
  security::Object object(const Call& call) const {
    return object_ ? object_(call) : security::Object{};
  }

 private:
  security::Action action_;
  ObjectOf object_;
};

/// What a route takes besides its path.
struct RouteOptions {
  Lane lane = Lane::kFigures;
  std::vector<std::string> query{};  ///< names that may be there; "key.*" allows a prefix
  /// Largest body as it is sent. Empty: 64 KiB for POST and PUT, none for other methods.
  std::function<std::uint64_t(const Call&)> body_limit{};
  bool local_only = false;   ///< exists on the program's own socket alone
  bool needs_center = true;  ///< 503 until the center is loaded
  bool stream = false;       ///< `Origin` is checked as for unsafe methods
  /// With `as_of` the handler's engine is that of the center that ran then. Rights are today's.
  bool by_rules_of_then = false;
};

using Handler = std::function<base::Result<Response>(Call&)>;

/// A method and path pattern ("/api/v1/units/{tree}/{code}") with the right it needs. Private parts
/// see to it that no handler runs but through Router::Dispatch.
class Route {
 public:
  Route(Method method, std::string pattern, Right right, Handler handler,
        RouteOptions options = {});

  Method method() const { return method_; }
  const std::string& pattern() const { return pattern_; }
  const Right& right() const { return right_; }
  const RouteOptions& options() const { return options_; }

 private:
  friend class Router;

  Method method_;
  std::string pattern_;
  std::vector<std::string> segments_;
  Right right_;
  Handler handler_;
  RouteOptions options_;
};

/// What a path and a method lead to.
struct RouteMatch {
  const Route* route = nullptr;  ///< null: no such path, or not with this method
  std::map<std::string, std::string, std::less<>> path;
  std::string allow;  ///< methods of the path; empty: there is no such path
};

/// The table of all routes, and the one way to their handlers. Immutable; safe from any thread.
class Router {
 public:
  explicit Router(std::vector<Route> routes);

  /// HEAD finds the route of GET. `local`: the request came over the program's own socket.
  RouteMatch Find(Method method, const std::vector<std::string>& segments, bool local) const;
  /// Decides whether the caller may do what the route does. Every call passes here.
  static base::Status Authorise(const Route& route, const Call& call);
  /// Authorise, parameter names, then the handler.
  static base::Result<Response> Dispatch(const Route& route, Call& call);

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace fansipan::http
