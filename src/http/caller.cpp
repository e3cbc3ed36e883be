#include "http/caller.h"

#include <algorithm>

#include "model/spelling/ascii.h"

namespace fansipan::http {
namespace {

base::Error HostRefused() {
  return {base::ErrorCode::kInvalidArgument, "host_refused",
          "the header Host does not name this server; ask by one of its own names"};
}

base::Error OriginRefused() {
  return {base::ErrorCode::kForbidden, "origin_refused",
          "the request comes from a page of another site"};
}

std::string Lower(std::string_view text) { return model::LowerAscii(std::string(text)); }

/// "name:8080" → "name"; "[::1]:8080" → "[::1]".
std::string_view WithoutPort(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

}  // namespace

base::Status CheckHost(const Request& request, const CallerPolicy& policy) {
  if (request.local) return {};
  if (request.fields.Count("host") != 1) return HostRefused();
  const std::string host = Lower(WithoutPort(*request.fields.Find("host")));
  const auto& allowed = policy.allowed_hosts;
  if (std::find(allowed.begin(), allowed.end(), host) == allowed.end()) return HostRefused();
  return {};
}

base::Status CheckOrigin(const Request& request, const CallerPolicy& policy) {
  if (request.local) return {};
  const auto site = request.fields.Find("sec-fetch-site");
  if (site && *site != "same-origin" && *site != "none") return OriginRefused();
  const auto origin = request.fields.Find("origin");
  if (!origin) return {};
  const std::string own =
      (policy.secure ? "https://" : "http://") + std::string(*request.fields.Find("host"));
  if (Lower(*origin) != Lower(own)) return OriginRefused();
  return {};
}

base::Result<security::Identity> Identify(const Request& request, const CallerPolicy& policy,
                                          security::Access& access) {
  if (request.local) return security::LocalOperator();
  if (const auto authorization = request.fields.Find("authorization")) {
    constexpr std::string_view kBearer = "bearer ";
    if (Lower(authorization->substr(0, kBearer.size())) != kBearer) {
      return base::Error{base::ErrorCode::kUnauthenticated, "push_token_invalid",
                         "the header Authorization must be 'Bearer' and a push token"};
    }
    return access.source_tokens().Verify(authorization->substr(kBearer.size()),
                                         request.remote_address);
  }
  if (const auto cookie = FindCookie(request.fields, policy.CookieName())) {
    auto identity = access.sessions().Authenticate(*cookie, request.remote_address);
    if (identity.ok() || identity.error().code != base::ErrorCode::kUnauthenticated) {
      return identity;
    }
  }
  return security::Anonymous(request.remote_address);
}

base::Status CheckCsrf(const Request& request, const security::Identity& identity,
                       security::Access& access) {
  if (IsSafe(request.method) || identity.kind != security::IdentityKind::kAccount) return {};
  const auto token = request.fields.Find("x-csrf-token");
  if (!token) {
    return base::Error{base::ErrorCode::kForbidden, "csrf_token_missing",
                       "the header X-CSRF-Token is missing; GET /api/v1/session gives its value"};
  }
  if (access.sessions().IsCsrfToken(identity.session, *token)) return {};
  return base::Error{base::ErrorCode::kForbidden, "csrf_token_wrong",
                     "the header X-CSRF-Token is not this session's; read /api/v1/session again"};
}

std::string SessionCookie(const CallerPolicy& policy, const std::string& token) {
  std::string cookie = policy.CookieName() + "=" + token + "; Path=/; HttpOnly; SameSite=Strict";
  if (policy.secure) cookie += "; Secure";
  if (token.empty()) cookie += "; Max-Age=0";
  return cookie;
}

}  // namespace fansipan::http
