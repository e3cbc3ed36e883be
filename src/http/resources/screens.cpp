#include "http/resources/routes.h"

namespace fansipan::http {

void AddScreenRoutes(std::vector<Route>& routes, std::shared_ptr<const StaticFiles> screens) {
  routes.emplace_back(
      Method::kGet, "/{*}", Right(security::Action::kReadScreen),
      [screens = std::move(screens)](Call& call) { return screens->Serve(*call.request); },
      RouteOptions{.lane = Lane::kInline, .query = {"*"}, .needs_center = false});
}

}  // namespace fansipan::http
