#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::security {

/// What came with a signed body, as it was written.
struct SignedBody {
  std::string_view purpose;    ///< what it is sent for: <source>/deliveries or <source>/heartbeat
  std::string_view signature;  ///< sha256=<64 hexadecimal digits>; empty: none came
  std::string_view timestamp;  ///< Unix seconds
  std::string_view key;        ///< Idempotency-Key; empty: none came
  std::string_view body;       ///< the bytes as they were sent, packed or not
};

/// HMAC-SHA-256 (RFC 2104) over purpose, timestamp, key, each with a line feed, and body; in
/// lower-case hexadecimal. None of the three may hold a line feed. What is signed for one source or
/// purpose is wrong for every other, also where they share the secret.
std::string BodySignature(std::string_view secret, const SignedBody& told);

/// Whether the body comes from one who knows the secret, at most `tolerance` before or after `now`;
/// gives when it was signed. Takes the same time wherever a wrong signature differs.
/// kUnauthenticated with reason signature_missing, signature_wrong (also for what is not written as
/// a signature), or signature_too_old (also for one from the future), which is said of right
/// signatures only.
base::Result<base::Timestamp> CheckBodySignature(std::string_view secret, const SignedBody& told,
                                                 base::Timestamp now, base::Duration tolerance);

}  // namespace fansipan::security
