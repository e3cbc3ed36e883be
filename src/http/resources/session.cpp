#include "http/resources/session.h"

#include "http/json_body.h"
#include "http/rendering/center_rendering.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

base::Result<Response> GetSession(Call& call) {
  const bool account = call.identity.kind == security::IdentityKind::kAccount;
  const std::string token =
      account ? call.services->access->sessions().CsrfToken(call.identity.session) : "";
  FANSIPAN_ASSIGN_OR_RETURN(std::string json, SessionJson(call, call.identity, token));
  return Response::Json(200, std::move(json));
}

base::Result<Response> SignIn(Call& call, const CallerPolicy& policy) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto body, ParseTextBody(*call.request, {"name", "password"}));
  FANSIPAN_ASSIGN_OR_RETURN(const auto signed_in, call.services->access->sign_in().WithPassword(
                                                      call.identity, body.find("name")->second,
                                                      body.find("password")->second));
  FANSIPAN_ASSIGN_OR_RETURN(std::string json,
                            SessionJson(call, signed_in.identity, signed_in.csrf_token));
  Response response = Response::Json(201, std::move(json));
  response.Set("Set-Cookie", SessionCookie(policy, signed_in.token));
  return response;
}

base::Result<Response> SignOut(Call& call, const CallerPolicy& policy) {
  FANSIPAN_RETURN_IF_ERROR(call.services->access->sign_in().Out(call.identity));
  Response response = Response::Empty(204);
  response.Set("Set-Cookie", SessionCookie(policy, ""));
  return response;
}

}  // namespace

base::Result<std::string> SessionJson(const Call& call, const security::Identity& identity,
                                      const std::string& csrf_token) {
  FANSIPAN_ASSIGN_OR_RETURN(const bool needed, call.services->access->set_up().IsNeeded());
  JsonWriter json;
  json.BeginObject();
  json.Text("kind", identity.kind == security::IdentityKind::kAccount ? "account" : "anonymous");
  json.TextOrNull("name", identity.name);
  json.TextOrNull("display_name", identity.display_name);
  json.TextOrNull("role", identity.role ? security::NameOf(*identity.role) : "");
  json.TextOrNull("csrf_token", csrf_token);
  json.Flag("set_up_needed", needed);
  json.BeginObject("center");
  WriteCenterName(json, call.center());
  json.EndObject();
  json.EndObject();
  return json.Take();
}

void AddSessionRoutes(std::vector<Route>& routes, const CallerPolicy& policy) {
  const std::string path = "/api/v1/session";
  routes.emplace_back(Method::kGet, path, Right(security::Action::kReadOwnSession), GetSession);
  routes.emplace_back(
      Method::kPost, path, Right(security::Action::kSignIn),
      [policy](Call& call) { return SignIn(call, policy); }, RouteOptions{.lane = Lane::kSignIn});
  routes.emplace_back(Method::kDelete, path, Right(security::Action::kSignOut),
                      [policy](Call& call) { return SignOut(call, policy); });
}

}  // namespace fansipan::http
