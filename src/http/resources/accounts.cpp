#include <algorithm>
#include <charconv>

#include "http/json_body.h"
#include "http/rendering/json_writer.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

void WriteAccount(JsonWriter& json, const security::AccountSummary& account) {
  json.BeginObject();
  json.Text("id", std::to_string(account.id.value));
  json.Text("name", account.name);
  json.Text("display_name", account.display_name);
  json.Text("role", account.role);
  json.Flag("disabled", account.disabled);
  json.Flag("locked", account.locked);
  json.Moment("created_at", account.created_at);
  json.EndObject();
}

base::Result<Response> AnswerAccount(Call& call, store::AccountId id, int status) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto accounts,
                            call.services->access->accounts().List(call.identity));
  const auto found = std::find_if(accounts.begin(), accounts.end(),
                                  [&](const auto& account) { return account.id == id; });
  if (found == accounts.end()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_account", "there is no such account"};
  }
  JsonWriter json;
  WriteAccount(json, *found);
  return Response::Json(status, json.Take());
}

base::Result<Response> ListAccounts(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::size_t limit, call.GetLimit());
  FANSIPAN_ASSIGN_OR_RETURN(const auto accounts,
                            call.services->access->accounts().List(call.identity));
  const std::string after = call.QueryText("cursor").value_or("");
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  std::size_t count = 0;
  std::string last;
  bool more = false;
  for (const auto& account : accounts) {
    if (account.name <= after) continue;
    more = count == limit;
    if (more) break;
    WriteAccount(json, account);
    last = account.name;
    ++count;
  }
  json.EndArray();
  json.TextOrNull("next", more ? last : "");
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<Response> CreateAccount(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto body, ParseTextBody(*call.request, {"name", "display_name", "role", "password"}));
  const auto role = security::FindRole(body.find("role")->second);
  if (!role) {
    return base::Error{base::ErrorCode::kInvalidArgument, "unknown_role",
                       "a role is viewer or administrator"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(
      const store::AccountId id,
      call.services->access->accounts().Create(
          call.identity, {body.find("name")->second, body.find("display_name")->second, *role,
                          body.find("password")->second}));
  return AnswerAccount(call, id, 201);
}

base::Result<Response> DisableAccount(Call& call) {
  const std::string& text = call.PathText("id");
  store::AccountId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_account", "there is no such account"};
  }
  FANSIPAN_RETURN_IF_ERROR(call.services->access->accounts().Disable(call.identity, id));
  return AnswerAccount(call, id, 200);
}

}  // namespace

void AddAccountRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kAdministerAccounts);
  routes.emplace_back(Method::kGet, "/api/v1/accounts", right, ListAccounts,
                      RouteOptions{.query = {"cursor", "limit"}});
  routes.emplace_back(Method::kPost, "/api/v1/accounts", right, CreateAccount,
                      RouteOptions{.lane = Lane::kSignIn});
  routes.emplace_back(Method::kPost, "/api/v1/accounts/{id}/disable", right, DisableAccount);
}

}  // namespace fansipan::http
