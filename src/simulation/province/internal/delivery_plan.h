#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "simulation/faults.h"
#include "simulation/internal/dice.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation::internal {

/// A delivery as it is sent, faults and all.
struct PlannedDelivery {
  SystemDelivery delivery;
  std::string key;  ///< fingerprint of source and body; differs when it is sent again on purpose
};

struct PlanOptions {
  std::map<std::string, FaultRates> faults;  ///< by source; of "": all that are not named
  base::Duration late_for = std::chrono::minutes(10);
  std::uint64_t seed = 1;
};

/// When and how deliveries are sent whose sources do things wrong on demand. What befalls one comes
/// from the seed and the delivery alone. Used by one thread.
class DeliveryPlan {
 public:
  explicit DeliveryPlan(PlanOptions options);

  /// To be called in the order of moments. kInvalidArgument when the source is to drift, but what
  /// it sends has no names of columns to change.
  base::Status Add(SystemDelivery delivery);

  /// Those that are sent before `until`, in order.
  std::vector<PlannedDelivery> Take(base::Timestamp until);

  /// Whether the source gives no sign of life: since its last delivery was lost, until another is
  /// not, or from the beginning when all of them are.
  bool IsSilent(const std::string& source) const;

 private:
  using Queue = std::multimap<base::Timestamp, PlannedDelivery>;

  const FaultRates& FaultsOf(const std::string& source) const;
  void Enqueue(const FaultRates& faults, Dice& dice, PlannedDelivery planned);
  void ReleaseHeld(const std::string& source, base::Timestamp at);

  PlanOptions options_;
  Queue queue_;
  std::map<std::string, Queue::iterator> held_;  ///< that wait for the next one of their source
  std::map<std::string, bool> silent_;
};

/// Names the last column of an NDJSON or CSV body otherwise. kInvalidArgument for other bodies.
base::Result<std::string> DriftedBody(const SystemDelivery& delivery);

}  // namespace fansipan::simulation::internal
