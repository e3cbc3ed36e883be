#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

base::Result<Response> GetHealth(Call&) { return Response::Json(200, R"({"status":"alive"})"); }

base::Result<Response> GetReadiness(Call& call) {
  if (call.engine) return Response::Json(200, R"({"status":"ready"})");
  return base::Error{base::ErrorCode::kUnavailable, "starting",
                     "the center is still being loaded; try again in a moment"};
}

}  // namespace

void AddHealthRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kReadHealth);
  const RouteOptions options{.lane = Lane::kInline, .needs_center = false};
  routes.emplace_back(Method::kGet, "/healthz", right, GetHealth, options);
  routes.emplace_back(Method::kGet, "/readyz", right, GetReadiness, options);
}

}  // namespace fansipan::http
