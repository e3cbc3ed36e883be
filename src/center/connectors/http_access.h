#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fansipan::center {

/// How a source wants to know who asks.
enum class HttpSignIn { kNone, kBearer, kBasic, kOAuth2 };
std::string_view NameOf(HttpSignIn sign_in);

/// What every connector that asks over HTTP declares of its requests.
struct HttpAccess {
  HttpSignIn sign_in = HttpSignIn::kNone;
  std::string user;       ///< basic: name; OAuth 2: client
  std::string secret;     ///< name of the kept secret: token, password or client secret
  std::string token_url;  ///< OAuth 2 client credentials
  std::string scope;      ///< OAuth 2; empty: none is asked for

  bool same_origin_redirects = false;  ///< at most three; others are never followed
  std::uint32_t requests_per_minute = 60;
  std::uint32_t timeout_seconds = 60;  ///< of one request, from its first to its last byte
  bool operator==(const HttpAccess&) const = default;
};

/// The names within `{secret:name}` of a text, in order.
std::vector<std::string> SecretsIn(std::string_view text);

}  // namespace fansipan::center
