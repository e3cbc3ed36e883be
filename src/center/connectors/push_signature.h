#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"

namespace fansipan::center {

/// How the bodies that a source pushes are signed: HMAC-SHA-256 with a kept secret. The source's
/// token is asked for all the same: it says who pushes, the signature that nobody changed it.
struct PushSignature {
  std::string secret;  ///< name of the kept secret
  std::string header = "X-Signature-256";
  std::string timestamp_header = "X-Signature-Timestamp";
  base::Duration tolerance = std::chrono::minutes(5);  ///< how far the two clocks may differ
  bool operator==(const PushSignature&) const = default;
};

}  // namespace fansipan::center
