#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "simulation/delivery_transport.h"
#include "simulation/options.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {

/// What a simulation meets of the world; tests put their own here.
struct SimulationWorld {
  base::FileSystem& files;
  const base::Clock& clock;
  Waiter& waiter;
  /// Opens one connection; a stop ends what is under way on it.
  std::function<base::Result<std::unique_ptr<DeliveryTransport>>(std::stop_token)> open_transport;
};

/// Runs the simulated case system until a stop is requested, the duration has passed or the center
/// refuses it for good: first the history as fast as the center takes it (at most `rate`, or
/// kFastestRate), then what happens from now on. Blocks; with several connections it starts threads
/// of its own and ends them before it returns. A requested stop is no error.
base::Status RunCaseSystem(const SimulationOptions& options, std::stop_token stop);
base::Status RunCaseSystem(const SimulationOptions& options, const SimulationWorld& world,
                           std::stop_token stop);

}  // namespace fansipan::simulation
