#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "center/network.h"

namespace fansipan::sources {

/// One request. Its URL must lead to `reach`.
struct HttpRequest {
  std::string url;
  center::Reach reach;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::pair<std::string, std::string>> basic;  ///< user and password
  /// Posted, as application/x-www-form-urlencoded unless a header says its type; nothing: GET.
  std::optional<std::string> body;
  base::Duration timeout{};     ///< from the first to the last byte
  std::uint64_t max_bytes = 0;  ///< of the body, unpacked
  std::string authorities{};    ///< PEM: trusted instead of this machine's; empty: this machine's
};

struct HttpAnswer {
  int status = 0;
  /// By name in lower case; several of one name are joined with ", ".
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;  ///< unpacked

  std::string_view Header(std::string_view name) const;
};

/// Speaks HTTP/1.1 with a server outside, under limits: never through a proxy, never to an address
/// outside the declared network (looked at when the connection is made, so that a name which
/// resolves anew leads nowhere else), no redirect followed, certificates checked. Keeps a
/// connection for the next request. Belongs to one thread.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Any status is an answer. Errors are of the way there: kForbidden with reason
  /// address_not_allowed; kTooLarge answer_too_large; kDeadlineExceeded source_timeout;
  /// kUnavailable host_unknown, no_connection, certificate_refused, answer_cut_off,
  /// connection_lost, connector_stopped; kInvalidArgument bad_encoding. Messages name the host and
  /// never the query or a header.
  virtual base::Result<HttpAnswer> Fetch(const HttpRequest& request,
                                         const std::stop_token& stop) = 0;
};

std::unique_ptr<HttpClient> MakeHttpClient();

/// `reference` as a URL, seen from `base`; nothing when it is none.
std::optional<std::string> ResolveUrl(const std::string& base, const std::string& reference);
/// A date as HTTP headers have it; nothing when it is none.
std::optional<base::Timestamp> ParseHttpDate(const std::string& text);
/// Percent-encoded for a query.
std::string EncodeForQuery(const std::string& text);
/// The other way round.
std::string DecodeFromQuery(const std::string& text);

}  // namespace fansipan::sources
