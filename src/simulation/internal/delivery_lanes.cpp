#include "simulation/internal/delivery_lanes.h"

#include <utility>

namespace fansipan::simulation::internal {

DeliveryLanes::DeliveryLanes(std::vector<std::unique_ptr<DeliveryTransport>> transports,
                             std::vector<std::unique_ptr<Pusher>> pushers,
                             const std::stop_token& stop)
    : transports_(std::move(transports)),
      pushers_(std::move(pushers)),
      stop_(stop),
      queue_(2 * pushers_.size()) {
  if (pushers_.size() == 1) return;
  // The first pusher's connection is left to the caller, for heartbeats.
  for (std::size_t lane = 1; lane < pushers_.size(); ++lane) {
    threads_.emplace_back([this, &pusher = *pushers_[lane]] { Work(pusher); });
  }
}

DeliveryLanes::~DeliveryLanes() {
  queue_.Close();
  while (queue_.TryPop()) {
  }
}

base::Status DeliveryLanes::Send(Delivery delivery) {
  if (threads_.empty()) return pushers_.front()->Push(delivery, stop_);
  FANSIPAN_RETURN_IF_ERROR(FirstError());
  queue_.Push(std::move(delivery));
  return {};
}

base::Status DeliveryLanes::SendHeartbeat() {
  FANSIPAN_RETURN_IF_ERROR(FirstError());
  return pushers_.front()->SendHeartbeat();
}

base::Status DeliveryLanes::Finish() {
  queue_.Close();
  threads_.clear();  // joins
  return FirstError();
}

void DeliveryLanes::Work(Pusher& pusher) {
  while (auto delivery = queue_.Pop()) {
    auto pushed = pusher.Push(*delivery, stop_);
    if (pushed.ok()) continue;
    {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::move(pushed).error();
    }
    queue_.Close();
    return;
  }
}

base::Status DeliveryLanes::FirstError() const {
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  return {};
}

}  // namespace fansipan::simulation::internal
