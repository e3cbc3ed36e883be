#include "http/json_body.h"
#include "http/resources/routes.h"
#include "http/resources/session.h"

namespace fansipan::http {
namespace {

base::Result<Response> CompleteSetUp(Call& call, const CallerPolicy& policy) {
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto body, ParseTextBody(*call.request, {"token", "name", "display_name", "password"}));
  security::NewAccount wanted;
  wanted.name = body.find("name")->second;
  wanted.display_name = body.find("display_name")->second;
  wanted.role = security::Role::kAdministrator;
  wanted.password = body.find("password")->second;
  security::Access& access = *call.services->access;
  FANSIPAN_RETURN_IF_ERROR(
      access.set_up().Complete(call.identity, body.find("token")->second, wanted));
  FANSIPAN_ASSIGN_OR_RETURN(const auto signed_in, access.sign_in().WithPassword(
                                                      call.identity, wanted.name, wanted.password));
  FANSIPAN_ASSIGN_OR_RETURN(std::string json,
                            SessionJson(call, signed_in.identity, signed_in.csrf_token));
  Response response = Response::Json(201, std::move(json));
  response.Set("Set-Cookie", SessionCookie(policy, signed_in.token));
  return response;
}

}  // namespace

void AddSetUpRoutes(std::vector<Route>& routes, const CallerPolicy& policy) {
  routes.emplace_back(
      Method::kPost, "/api/v1/set-up", Right(security::Action::kCompleteSetUp),
      [policy](Call& call) { return CompleteSetUp(call, policy); },
      RouteOptions{.lane = Lane::kSignIn});
}

}  // namespace fansipan::http
