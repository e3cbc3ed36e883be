#pragma once

#include <memory>
#include <string>

#include "base/metrics.h"
#include "base/result.h"
#include "center/connectors/http_access.h"
#include "center/source.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/http/access_token.h"
#include "sources/connectors/http/http_client.h"
#include "sources/connectors/http/request_pace.h"

namespace fansipan::sources {

/// How a connector speaks with one source over HTTP: signed in as declared, at the declared pace,
/// within the source's reach and limits, following redirects within one origin where that is
/// declared. Source and access outlive it. Belongs to one thread.
class HttpSession {
 public:
  /// `connector`: its name, for the count of requests.
  HttpSession(const center::Source& source, const center::HttpAccess& access,
              const std::string& connector, base::MetricsRegistry& metrics,
              std::unique_ptr<HttpClient> client);

  /// `request` says URL, headers and body alone. Any status but a redirect is an answer; a token
  /// that the source takes no longer is renewed once. Errors are those of HttpClient and
  /// AccessToken, and kForbidden redirect_not_followed.
  base::Result<HttpAnswer> Fetch(HttpRequest request, Passage& passage);

 private:
  base::Status SignIn(HttpRequest& request, Passage& passage);
  base::Status WaitForTurn(Passage& passage);
  base::Result<HttpAnswer> FetchFollowing(HttpRequest request, Passage& passage);

  const center::Source& source_;
  const center::HttpAccess& access_;
  const std::unique_ptr<HttpClient> client_;
  RequestPace pace_;
  AccessToken token_;
  base::Counter& requests_;
};

}  // namespace fansipan::sources
