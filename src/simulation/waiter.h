#pragma once

#include <stop_token>

#include "base/clock.h"

namespace fansipan::simulation {

/// Lets time pass, so that tests need not.
class Waiter {
 public:
  virtual ~Waiter() = default;
  /// Returns after `span`, or at once when a stop is requested: false then. Safe from any thread.
  virtual bool Wait(base::Duration span, const std::stop_token& stop) = 0;
};

/// Sleeps.
class RealWaiter final : public Waiter {
 public:
  bool Wait(base::Duration span, const std::stop_token& stop) override;
};

}  // namespace fansipan::simulation
