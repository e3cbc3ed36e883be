#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "simulation/province/province_models.h"

namespace fansipan::simulation::internal {

/// The deliveries of several models as one sequence, by moment and, at one moment, by model. Models
/// are asked ahead of time in pieces, since a short span may cost them as much as a day. Used by
/// one thread.
class DeliveryFeed {
 public:
  /// Each model begins its history before `now`, at most `most_history` when that is given.
  DeliveryFeed(const ProvinceModels& models, base::Timestamp now,
               std::optional<base::Duration> most_history);

  /// Where the first model begins; `now` when there are none.
  base::Timestamp begin() const { return begin_; }

  /// Those before `until` that were not taken yet. A model that has to be asked is asked `ahead`
  /// further, so that it need not be asked again soon.
  std::vector<SystemDelivery> Take(base::Timestamp until, base::Duration ahead);

 private:
  struct Lane {
    const SystemModel* model;
    base::Timestamp asked_until;
    std::deque<SystemDelivery> waiting;
  };

  std::vector<Lane> lanes_;
  base::Timestamp begin_;
};

}  // namespace fansipan::simulation::internal
