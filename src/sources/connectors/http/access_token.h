#pragma once

#include <string>

#include "base/result.h"
#include "center/connectors/http_access.h"
#include "center/source.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/http/http_client.h"

namespace fansipan::sources {

/// The access token of a source with OAuth 2 client credentials (RFC 6749, 4.4): asked for when it
/// is needed, kept in memory until it ends, never written anywhere. Belongs to one thread.
class AccessToken {
 public:
  AccessToken(const center::HttpAccess& access, center::Reach reach)
      : access_(access), reach_(std::move(reach)) {}

  /// kUnauthenticated with reason token_refused when the token server gives none.
  base::Result<std::string> Get(HttpClient& client, Passage& passage);
  /// The source did not take it: the next Get asks anew.
  void Forget() { token_.clear(); }

 private:
  base::Status Ask(HttpClient& client, Passage& passage);
  base::Error NotNow(const HttpAnswer& answer, Passage& passage) const;

  const center::HttpAccess& access_;
  const center::Reach reach_;  ///< of the token server
  std::string token_;
  base::Timestamp ends_at_{};
};

}  // namespace fansipan::sources
