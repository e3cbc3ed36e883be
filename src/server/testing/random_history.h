#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "base/clock.h"
#include "center/center.h"
#include "model/record.h"
#include "sources/committer.h"
#include "store/journal.h"

namespace fansipan::server::testing {

/// Makes deliveries as a careless source would send them: new records, corrections, withdrawals,
/// repeats, old revisions late, the same thing twice. The same seed gives the same history.
class RandomHistory {
 public:
  RandomHistory(std::shared_ptr<const center::Center> center, std::uint64_t seed,
                base::Timestamp start)
      : center_(std::move(center)), random_(seed), start_(start) {}

  /// The next delivery, received at `now`.
  sources::PendingDelivery Next(base::Timestamp now);
  /// An earlier delivery again, as a replay with other content in some of its rows.
  sources::PendingDelivery Replay(const sources::RecordedDelivery& earlier,
                                  std::vector<model::Version> replaced, base::Timestamp now);
  /// Replay of a delivery that the journal holds, of which every row is accepted.
  sources::PendingDelivery ReplayFrom(store::Journal& journal,
                                      const sources::RecordedDelivery& earlier,
                                      base::Timestamp now);
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

 private:
  model::Row MakeRow(const model::Dataset& dataset);
  base::Timestamp NearStart(std::int64_t hours);
  bool Once(std::uint64_t in) { return Below(in) == 0; }

  std::shared_ptr<const center::Center> center_;
  std::mt19937_64 random_;
  base::Timestamp start_;
  std::vector<model::Version> sent_;
  std::uint32_t mapping_revision_ = 1;
};

}  // namespace fansipan::server::testing
