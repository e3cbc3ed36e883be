#include "http/resources/routes.h"

namespace fansipan::http {

void AddDescriptionRoutes(std::vector<Route>& routes, const std::string& description) {
  const auto text = std::make_shared<const std::string>(description);
  routes.emplace_back(
      Method::kGet, "/api/v1/openapi.yaml", Right(security::Action::kReadDescription),
      [text](Call&) -> base::Result<Response> {
        Response response = Response::Empty(200);
        response.content_type = "application/yaml";
        response.body = text;
        return response;
      },
      RouteOptions{.needs_center = false});
}

}  // namespace fansipan::http
