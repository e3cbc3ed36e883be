#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace fansipan::simulation {

struct HttpPost {
  std::string path;  ///< from the root, e.g. "/api/v1/sources/case_system/heartbeat"
  std::string body;
  std::string idempotency_key;  ///< not sent when empty
  bool is_gzip = false;         ///< what the body is
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::chrono::seconds retry_after{0};  ///< 0 when the answer does not say
};

/// One connection to a center, with the token that opens it. Used by one thread at a time.
class DeliveryTransport {
 public:
  virtual ~DeliveryTransport() = default;
  /// Whatever the center answered. kUnavailable when no answer came; the center may have taken the
  /// body or not.
  virtual base::Result<HttpAnswer> Send(const HttpPost& post) = 0;
};

}  // namespace fansipan::simulation
