#pragma once

#include <mutex>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {

/// Moves a virtual clock instead of waiting, and remembers how far.
class PassingWaiter final : public Waiter {
 public:
  explicit PassingWaiter(base::VirtualClock& clock) : clock_(clock) {}

  bool Wait(base::Duration span, const std::stop_token& stop) override {
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested()) return false;
    clock_.Advance(span);
    waits_.push_back(span);
    return true;
  }

  std::vector<base::Duration> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

 private:
  base::VirtualClock& clock_;
  mutable std::mutex mutex_;
  std::vector<base::Duration> waits_;
};

}  // namespace fansipan::simulation
