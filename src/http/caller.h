#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "security/access.h"

namespace fansipan::http {

/// How callers are told apart and what is asked of browsers.
struct CallerPolicy {
  std::vector<std::string> allowed_hosts{"localhost", "127.0.0.1", "[::1]"};  ///< without port
  bool secure = false;  ///< behind TLS: `__Host-` cookie, `https` origins, HSTS

  std::string CookieName() const { return secure ? "__Host-fansipan" : "fansipan"; }
};

/// kInvalidArgument with reason host_refused unless `Host` names this server: a foreign name that
/// leads here is how a web page reaches a server on loopback.
base::Status CheckHost(const Request& request, const CallerPolicy& policy);

/// kForbidden with reason origin_refused when a browser says that another site asks.
base::Status CheckOrigin(const Request& request, const CallerPolicy& policy);

/// Who asks: the operator over the local socket, a source by its token, an account by its cookie,
/// nobody. kUnauthenticated when a token is not valid; a cookie that ran out is nobody.
base::Result<security::Identity> Identify(const Request& request, const CallerPolicy& policy,
                                          security::Access& access);

/// kForbidden with reason csrf_token_missing or csrf_token_wrong when an account changes something
/// without sending back its session's token.
base::Status CheckCsrf(const Request& request, const security::Identity& identity,
                       security::Access& access);

/// `Set-Cookie` for a new session, or with an empty token to forget it.
std::string SessionCookie(const CallerPolicy& policy, const std::string& token);

}  // namespace fansipan::http
