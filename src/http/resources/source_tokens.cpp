#include <algorithm>
#include <charconv>

#include "http/json_body.h"
#include "http/rendering/json_writer.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

security::Object SourceInPath(const Call& call) {
  security::Object object;
  object.source = call.PathText("name");
  return object;
}

void WriteToken(JsonWriter& json, const store::PushToken& token) {
  json.Text("id", std::to_string(token.id.value));
  json.Text("source", token.source);
  json.Text("label", token.label);
  json.Moment("created_at", token.created_at);
  json.Moment("revoked_at", token.revoked_at);
  json.Moment("last_used_at", token.last_used_at);
}

base::Result<std::vector<store::PushToken>> ListNewestFirst(Call& call, const std::string& source) {
  FANSIPAN_ASSIGN_OR_RETURN(auto tokens,
                            call.services->access->source_tokens().List(call.identity, source));
  std::reverse(tokens.begin(), tokens.end());
  return tokens;
}

base::Result<Response> ListTokens(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  FANSIPAN_ASSIGN_OR_RETURN(const auto tokens, ListNewestFirst(call, source->name));
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const store::PushToken& token : tokens) {
    json.BeginObject();
    WriteToken(json, token);
    json.EndObject();
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<Response> CreateToken(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  TextMembers body;
  if (!call.request->body.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(body, ParseTextBody(*call.request, {}, {"label"}));
  }
  const auto label = body.find("label");
  FANSIPAN_ASSIGN_OR_RETURN(const auto created, call.services->access->source_tokens().Create(
                                                    call.identity, source->name,
                                                    label == body.end() ? "" : label->second));
  FANSIPAN_ASSIGN_OR_RETURN(const auto tokens, ListNewestFirst(call, source->name));
  const auto kept = std::find_if(tokens.begin(), tokens.end(),
                                 [&](const auto& token) { return token.id == created.id; });
  if (kept == tokens.end()) {
    return base::Error{base::ErrorCode::kInternal, "", "a new push token is not in the store"};
  }
  JsonWriter json;
  json.BeginObject();
  WriteToken(json, *kept);
  json.Text("token", created.token);
  json.EndObject();
  return Response::Json(201, json.Take());
}

base::Result<Response> RevokeToken(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  const std::string& text = call.PathText("id");
  store::PushTokenId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_token", "there is no such push token"};
  }
  const auto revoked =
      call.services->access->source_tokens().Revoke(call.identity, source->name, id);
  if (!revoked.ok() && revoked.error().reason != "already_revoked") return revoked.error();
  return Response::Empty(204);
}

}  // namespace

void AddSourceTokenRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kAdministerTokens, SourceInPath);
  const std::string path = "/api/v1/sources/{name}/tokens";
  routes.emplace_back(Method::kGet, path, right, ListTokens);
  routes.emplace_back(Method::kPost, path, right, CreateToken);
  routes.emplace_back(Method::kDelete, path + "/{id}", right, RevokeToken);
}

}  // namespace fansipan::http
