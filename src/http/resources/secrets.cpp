#include "http/json_body.h"
#include "http/rendering/json_writer.h"
#include "http/resources/routes.h"
#include "sources/connectors/connectors.h"

namespace fansipan::http {
namespace {

/// Those that are set, then those that are needed and are not.
base::Result<Response> ListSecrets(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto secrets,
                            call.services->access->source_secrets().List(call.identity));
  auto needed = sources::SecretsNeeded(call.center());
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const auto& secret : secrets) {
    json.BeginObject();
    json.Text("name", secret.name);
    json.Moment("set_at", secret.set_at);
    json.Text("set_by", secret.set_by);
    const auto source = needed.find(secret.name);
    json.TextOrNull("needed_by", source == needed.end() ? "" : source->second);
    json.EndObject();
    needed.erase(secret.name);
  }
  for (const auto& [name, source] : needed) {
    json.BeginObject();
    json.Text("name", name);
    json.Null("set_at");
    json.Null("set_by");
    json.Text("needed_by", source);
    json.EndObject();
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<Response> SetSecret(Call& call) {
  const std::string& name = call.PathText("name");
  FANSIPAN_RETURN_IF_ERROR(security::SourceSecrets::CheckName(name));
  FANSIPAN_ASSIGN_OR_RETURN(const TextMembers body, ParseTextBody(*call.request, {"value"}));
  FANSIPAN_RETURN_IF_ERROR(
      call.services->access->source_secrets().Set(call.identity, name, body.at("value")));
  return Response::Empty(204);
}

base::Result<Response> RemoveSecret(Call& call) {
  FANSIPAN_RETURN_IF_ERROR(
      call.services->access->source_secrets().Remove(call.identity, call.PathText("name")));
  return Response::Empty(204);
}

}  // namespace

void AddSecretRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kAdministerSecrets);
  const std::string path = "/api/v1/secrets";
  routes.emplace_back(Method::kGet, path, right, ListSecrets);
  routes.emplace_back(Method::kPut, path + "/{name}", right, SetSecret);
  routes.emplace_back(Method::kDelete, path + "/{name}", right, RemoveSecret);
}

}  // namespace fansipan::http
