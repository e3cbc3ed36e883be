#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/time_zone.h"
#include "simulation/case_row.h"
#include "simulation/delivery_transport.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {

/// What was sent and what the center said became of it, in rows where nothing else is said.
struct PushCounts {
  std::uint64_t deliveries = 0;
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0;
  std::uint64_t in_conflict = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t refused = 0;     ///< in decoding, or with their whole delivery
  std::uint64_t known = 0;       ///< of deliveries that the center had from an earlier run
  std::uint64_t retries = 0;     ///< posts
  std::uint64_t heartbeats = 0;  ///< posts
};

/// Counts of several pushers. Safe from any thread.
class PushTally {
 public:
  void Add(const PushCounts& counts);
  PushCounts Read() const;

 private:
  mutable std::mutex mutex_;
  PushCounts counts_;
};

/// An NDJSON body on its way, with the key under which the center takes it once.
struct Delivery {
  std::string body;
  std::string key;
  std::size_t rows = 0;
};

/// The key is a fingerprint of the body: the same rows again are the same delivery.
Delivery BuildDelivery(std::span<const CaseRow> rows, const base::TimeZone& zone);

struct PusherOptions {
  std::string source = "case_system";
  bool gzip = false;
  base::Duration patience = std::chrono::minutes(15);  ///< waiting for one delivery, in all
};

/// Posts deliveries and heartbeats over one connection and counts the answers. A center that is
/// busy (429, 503), failing or unreachable is asked again after the time it names, otherwise after
/// growing waits. Used by one thread at a time; what it is given outlives it.
class Pusher {
 public:
  Pusher(DeliveryTransport& transport, Waiter& waiter, PushTally& tally, PusherOptions options);

  /// OK when the center took the delivery or refused it for what it holds. Errors are final:
  /// kUnauthenticated, kForbidden, kNotFound, kTooLarge as answered, kInvalidArgument when one
  /// delivery after the other is refused, kUnavailable when patience ended or a stop was requested.
  base::Status Push(const Delivery& delivery, const std::stop_token& stop);

  /// Says that the source lives though it has nothing new. Tries once; only a wrong token or source
  /// is an error.
  base::Status SendHeartbeat();

 private:
  base::Result<HttpAnswer> SendPatiently(const HttpPost& post, const std::stop_token& stop);
  base::Status CountRefusal(const Delivery& delivery, const HttpAnswer& answer);
  base::Error FinalError(const HttpAnswer& answer) const;

  DeliveryTransport& transport_;
  Waiter& waiter_;
  PushTally& tally_;
  const PusherOptions options_;
  int refused_in_a_row_ = 0;
  bool was_retried_ = false;  // the delivery that is on its way
};

}  // namespace fansipan::simulation
