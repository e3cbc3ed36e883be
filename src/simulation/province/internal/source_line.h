#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "simulation/delivery_transport.h"
#include "simulation/province/internal/delivery_plan.h"
#include "simulation/pusher.h"

namespace fansipan::simulation::internal {

/// One source's connection to the center. What the center does not take of this source for good
/// ends the line alone and is said once in the log. Used by one thread at a time.
class SourceLine {
 public:
  /// Without a transport nothing can be pushed.
  SourceLine(std::string source, std::unique_ptr<DeliveryTransport> transport, base::Timestamp now)
      : source_(std::move(source)), transport_(std::move(transport)), last_sign_(now) {}

  void Open(Waiter& waiter, PushTally& tally, bool gzip);

  bool is_left_out() const { return is_left_out_; }
  /// Errors end the whole run: kUnavailable when the center answers no more, or a stop came.
  base::Status Push(const PlannedDelivery& planned, base::Timestamp now,
                    const std::stop_token& stop);
  /// Gives a sign of life when there was none for so long.
  void KeepAlive(base::Timestamp now, base::Duration every);
  void LeaveOut(const std::string& why);

 private:
  std::string source_;
  std::unique_ptr<DeliveryTransport> transport_;
  std::unique_ptr<Pusher> pusher_;
  base::Timestamp last_sign_;
  bool is_left_out_ = false;
};

}  // namespace fansipan::simulation::internal
