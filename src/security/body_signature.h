#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::security {

/// What came with a signed body, as it was written.
struct SignedBody {
  std::string_view signature;  ///< sha256=<64 hexadecimal digits>; empty: none came
  std::string_view timestamp;  ///< Unix seconds
  std::string_view key;        ///< Idempotency-Key; empty: none came
  std::string_view body;       ///< the bytes as they were sent, packed or not
};

/// HMAC-SHA-256 (RFC 2104) over timestamp, line feed, key, line feed, body; in lower-case
/// hexadecimal. Neither timestamp nor key may hold a line feed.
std::string BodySignature(std::string_view secret, const SignedBody& told);

/// Whether the body comes from one who knows the secret, at most `tolerance` before or after `now`.
/// Takes the same time wherever a wrong signature differs. kUnauthenticated with reason
/// signature_missing, signature_wrong (also for what is not written as a signature), or
/// signature_too_old (also for one from the future), which is said of right signatures only.
base::Status CheckBodySignature(std::string_view secret, const SignedBody& told,
                                base::Timestamp now, base::Duration tolerance);

}  // namespace fansipan::security
