#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

base::Result<Response> GetMetrics(Call& call) {
  return Response::Of(200, std::string(base::kMetricsMediaType), call.services->metrics->Render());
}

}  // namespace

void AddMetricsRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/metrics", Right(security::Action::kReadMetrics), GetMetrics,
                      RouteOptions{.needs_center = false});
}

}  // namespace fansipan::http
