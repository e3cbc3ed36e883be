#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/result.h"
#include "simulation/pusher.h"

namespace fansipan::simulation::internal {

/// Hands deliveries to pushers: to the only one directly, to several by a queue of two deliveries
/// each, which makes the caller wait when it is full, with a thread for each. Used by one thread;
/// deliveries of several connections may overtake each other.
class DeliveryLanes {
 public:
  /// Each pusher with the connection it owns, in the same order; at least one.
  DeliveryLanes(std::vector<std::unique_ptr<DeliveryTransport>> transports,
                std::vector<std::unique_ptr<Pusher>> pushers, const std::stop_token& stop);
  /// Drops what is still queued.
  ~DeliveryLanes();
  DeliveryLanes(const DeliveryLanes&) = delete;
  DeliveryLanes& operator=(const DeliveryLanes&) = delete;

  /// The final error of this delivery or, with several connections, of an earlier one.
  base::Status Send(Delivery delivery);
  base::Status SendHeartbeat();
  /// Returns when every delivery was answered; nothing may be sent afterwards.
  base::Status Finish();

 private:
  void Work(Pusher& pusher);
  base::Status FirstError() const;

  std::vector<std::unique_ptr<DeliveryTransport>> transports_;
  std::vector<std::unique_ptr<Pusher>> pushers_;
  std::stop_token stop_;
  base::BoundedQueue<Delivery> queue_;
  mutable std::mutex mutex_;
  std::optional<base::Error> error_;
  std::vector<std::jthread> threads_;
};

}  // namespace fansipan::simulation::internal
