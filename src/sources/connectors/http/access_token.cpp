#include "sources/connectors/http/access_token.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sources/connectors/http/refused_status.h"

namespace fansipan::sources {
namespace {

constexpr std::uint64_t kMaxAnswer = 64U << 10U;
constexpr std::size_t kMaxToken = 8'192;
constexpr base::Duration kMargin = std::chrono::seconds(30);
constexpr base::Duration kUnstatedLife = std::chrono::minutes(5);
constexpr std::int64_t kLongestLifeSeconds = 86'400;
constexpr base::Duration kTimeout = std::chrono::seconds(30);

base::Error Refused(const std::string& host, const std::string& why) {
  return {base::ErrorCode::kUnauthenticated, "token_refused",
          "the token server " + host + " gives no access token: " + why +
              "; check client, scope and the secret"};
}

bool IsToken(const std::string& text) {
  return !text.empty() && text.size() <= kMaxToken &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

base::Result<std::string> AccessToken::Get(HttpClient& client, Passage& passage) {
  if (token_.empty() || passage.Now() >= ends_at_) {
    token_.clear();
    FANSIPAN_RETURN_IF_ERROR(Ask(client, passage));
  }
  return token_;
}

/// It says nothing of the secret.
base::Error AccessToken::NotNow(const HttpAnswer& answer, Passage& passage) const {
  base::Error error = RefusedStatus(answer, "the token server " + reach_.host, passage);
  if (error.reason == "source_failed") error.reason = "token_server_failed";
  return error;
}

base::Status AccessToken::Ask(HttpClient& client, Passage& passage) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string secret, passage.Secret(access_.secret));
  HttpRequest request;
  request.url = access_.token_url;
  request.reach = reach_;
  request.headers = {{"Accept", "application/json"}};
  // RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
  request.basic = {EncodeForQuery(access_.user), EncodeForQuery(secret)};
  request.body = "grant_type=client_credentials";
  if (!access_.scope.empty()) *request.body += "&scope=" + EncodeForQuery(access_.scope);
  request.timeout = kTimeout;
  request.max_bytes = kMaxAnswer;
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer, client.Fetch(request, passage.stop()));
  if (answer.status == 429 || answer.status >= 500) return NotNow(answer, passage);
  if (answer.status != 200) {
    return Refused(reach_.host, "it answers with status " + std::to_string(answer.status));
  }
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object()) return Refused(reach_.host, "its answer is no JSON object");
  const auto token = json.find("access_token");
  if (token == json.end() || !token->is_string() || !IsToken(token->get<std::string>())) {
    return Refused(reach_.host, "its answer has no usable access_token");
  }
  token_ = token->get<std::string>();
  ends_at_ = passage.Now() + kUnstatedLife;
  const auto life = json.find("expires_in");
  if (life != json.end() && life->is_number_integer()) {
    const auto seconds =
        std::clamp(life->get<std::int64_t>(), std::int64_t{0}, kLongestLifeSeconds);
    ends_at_ = passage.Now() + std::chrono::seconds(seconds) - kMargin;
  }
  return {};
}

}  // namespace fansipan::sources
