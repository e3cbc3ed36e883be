#include "simulation/province/internal/source_line.h"

#include "base/log.h"

namespace fansipan::simulation::internal {

void SourceLine::Open(Waiter& waiter, PushTally& tally, bool gzip) {
  if (transport_ == nullptr) return;
  // A real system goes on, however much of what it sends is refused.
  pusher_ = std::make_unique<Pusher>(
      *transport_, waiter, tally,
      PusherOptions{.source = source_, .gzip = gzip, .most_refused_in_a_row = 0});
}

base::Status SourceLine::Push(const PlannedDelivery& planned, base::Timestamp now,
                              const std::stop_token& stop) {
  if (pusher_ == nullptr) {
    LeaveOut("it has no push token, and what it sends is no file");
    return {};
  }
  last_sign_ = now;
  const SystemDelivery& delivery = planned.delivery;
  const base::Status pushed = pusher_->Push({.body = delivery.body,
                                             .key = planned.key,
                                             .rows = delivery.rows,
                                             .media_type = delivery.media_type,
                                             .headers = delivery.headers},
                                            stop);
  if (pushed.ok() || pushed.error().code == base::ErrorCode::kUnavailable) return pushed;
  LeaveOut(pushed.error().message);
  return {};
}

void SourceLine::KeepAlive(base::Timestamp now, base::Duration every) {
  if (pusher_ == nullptr || is_left_out_ || now - last_sign_ < every) return;
  last_sign_ = now;
  if (const base::Status sent = pusher_->SendHeartbeat(); !sent.ok()) {
    LeaveOut(sent.error().message);
  }
}

void SourceLine::LeaveOut(const std::string& why) {
  if (!is_left_out_) base::LogWarning("source '{}' is left out: {}", source_, why);
  is_left_out_ = true;
}

}  // namespace fansipan::simulation::internal
