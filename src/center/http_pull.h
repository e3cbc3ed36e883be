#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "center/source.h"

namespace fansipan::center {

/// How the pages of a REST answer follow each other.
enum class Paging { kNone, kPage, kOffset, kCursor, kLink };
std::string_view NameOf(Paging paging);

/// How a source wants to know who asks.
enum class HttpSignIn { kNone, kBearer, kBasic, kOAuth2 };
std::string_view NameOf(HttpSignIn sign_in);

/// A REST source that is asked. Texts of `query` and `headers` may hold `{secret:name}`, which
/// stands for a kept secret; those of `query` may hold `{since}`, the position reached.
struct HttpPull {
  std::string url;  ///< https; http where the reached network is not the public one
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;
  base::Duration every{};  ///< from the end of one asking to the next

  Paging paging = Paging::kNone;
  std::string parameter;       ///< page, offset, cursor: the query parameter
  std::string size_parameter;  ///< page, offset: empty when the server knows the size
  std::uint32_t page_size = 100;
  std::uint32_t first_page = 1;  ///< page: the number of the first
  std::string next_at;           ///< cursor: JSON pointer in the answer; missing or null: the end
  std::uint32_t max_pages = 10'000;  ///< of one asking; more is taken for a circle

  std::string since_at;      ///< JSON pointer within a record: its largest text is the position
  bool since_asked = false;  ///< the position is the moment when the last asking began
  std::string since_start;   ///< position of the first asking
  base::Duration since_overlap{};  ///< since_asked: asked again for so long before

  HttpSignIn sign_in = HttpSignIn::kNone;
  std::string user;       ///< basic: name; OAuth 2: client
  std::string secret;     ///< name of the kept secret: token, password or client secret
  std::string token_url;  ///< OAuth 2 client credentials
  std::string scope;      ///< OAuth 2; empty: none is asked for

  std::vector<std::string> content_types;  ///< accepted media types; empty: those of the format
  bool same_origin_redirects = false;      ///< at most three; others are never followed
  std::uint32_t requests_per_minute = 60;
  std::uint32_t timeout_seconds = 60;  ///< of one request, from its first to its last byte
  bool operator==(const HttpPull&) const = default;
};

/// Names of the kept secrets that it needs.
std::set<std::string> SecretsOf(const HttpPull& pull);

/// The names within `{secret:name}` of a text, in order.
std::vector<std::string> SecretsIn(std::string_view text);

}  // namespace fansipan::center
