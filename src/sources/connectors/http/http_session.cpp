#include "sources/connectors/http/http_session.h"

#include <chrono>
#include <utility>

#include "center/network.h"

namespace fansipan::sources {
namespace {

using center::HttpSignIn;

constexpr int kMaxRedirects = 3;
constexpr int kUnauthorized = 401;

center::Reach TokenReach(const center::Source& source, const center::HttpAccess& access) {
  const auto url = center::ParseUrl(access.token_url);
  const auto* place = url ? center::FindReach(source.reach, url->host, url->port) : nullptr;
  return place == nullptr ? center::Reach() : *place;
}

base::Error NotFollowed(const center::UrlParts& origin,
                        const std::optional<center::UrlParts>& target) {
  std::string where = "to no usable address, ";
  if (target && target->HasOriginOf(origin)) {
    where = "within itself, ";
  } else if (target) {
    where = "to " + target->host + ", port " + std::to_string(target->port) + ", ";
  }
  return {base::ErrorCode::kForbidden, "redirect_not_followed",
          origin.host + " redirects " + where +
              "which is not followed; declare the address that it leads to"};
}

}  // namespace

HttpSession::HttpSession(const center::Source& source, const center::HttpAccess& access,
                         const std::string& connector, base::MetricsRegistry& metrics,
                         std::unique_ptr<HttpClient> client)
    : source_(source),
      access_(access),
      client_(std::move(client)),
      pace_(access.requests_per_minute),
      token_(access, TokenReach(source, access)),
      requests_(metrics.GetCounter("fansipan_connector_requests_total",
                                   "Requests that a connector sent",
                                   {{"source", source.name}, {"connector", connector}})) {}

base::Result<HttpAnswer> HttpSession::Fetch(HttpRequest request, Passage& passage) {
  request.timeout = std::chrono::seconds(access_.timeout_seconds);
  request.max_bytes = source_.limits.payload_bytes;
  HttpRequest signed_in = request;
  FANSIPAN_RETURN_IF_ERROR(SignIn(signed_in, passage));
  FANSIPAN_ASSIGN_OR_RETURN(HttpAnswer answer, FetchFollowing(std::move(signed_in), passage));
  if (answer.status != kUnauthorized || access_.sign_in != HttpSignIn::kOAuth2) return answer;
  token_.Forget();
  FANSIPAN_RETURN_IF_ERROR(SignIn(request, passage));
  return FetchFollowing(std::move(request), passage);
}

base::Status HttpSession::SignIn(HttpRequest& request, Passage& passage) {
  if (access_.sign_in == HttpSignIn::kBasic) {
    FANSIPAN_ASSIGN_OR_RETURN(std::string password, passage.Secret(access_.secret));
    request.basic = {access_.user, std::move(password)};
  } else if (access_.sign_in == HttpSignIn::kBearer) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string token, passage.Secret(access_.secret));
    request.headers.emplace_back("Authorization", "Bearer " + token);
  } else if (access_.sign_in == HttpSignIn::kOAuth2) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string token, token_.Get(*client_, passage));
    request.headers.emplace_back("Authorization", "Bearer " + token);
  }
  return {};
}

base::Status HttpSession::WaitForTurn(Passage& passage) {
  for (base::Duration wait = pace_.TakeOrWait(passage.Now()); wait > base::Duration();
       wait = pace_.TakeOrWait(passage.Now())) {
    FANSIPAN_RETURN_IF_ERROR(passage.Wait(wait));
  }
  return {};
}

base::Result<HttpAnswer> HttpSession::FetchFollowing(HttpRequest request, Passage& passage) {
  const auto origin = center::ParseUrl(request.url);
  const auto* reach =
      origin ? center::FindReach(source_.reach, origin->host, origin->port) : nullptr;
  if (reach == nullptr) {
    return base::Error{base::ErrorCode::kForbidden, "address_not_allowed",
                       "a request would leave the declared reach of '" + source_.name + "'"};
  }
  request.reach = *reach;
  for (int redirects = 0;; ++redirects) {
    FANSIPAN_RETURN_IF_ERROR(WaitForTurn(passage));
    requests_.Add();
    FANSIPAN_ASSIGN_OR_RETURN(HttpAnswer answer, client_->Fetch(request, passage.stop()));
    if (answer.status < 300 || answer.status >= 400 || answer.status == 304) return answer;
    const auto target = ResolveUrl(request.url, std::string(answer.Header("location")));
    const auto parts = target ? center::ParseUrl(*target) : std::nullopt;
    // A redirected request would be sent again whole; only one without a body may be.
    const bool follow = access_.same_origin_redirects && parts && parts->HasOriginOf(*origin) &&
                        !request.body && redirects < kMaxRedirects;
    if (!follow) return NotFollowed(*origin, parts);
    request.url = *target;
  }
}

}  // namespace fansipan::sources
