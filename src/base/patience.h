#pragma once

#include <chrono>
#include <stop_token>
#include <utility>

#include "base/result.h"

namespace fansipan::base {

/// Until when an answer is of use to whoever asked: up to a deadline, and while they are there to
/// take it. Work that may last looks at it now and then, and ends early. One that was made without
/// arguments never ends. A value that is handed on; safe from any thread. Time is the machine's
/// steady clock: a deadline bounds real work.
class Patience {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  Patience() = default;
  explicit Patience(Moment deadline, std::stop_token gone = {})
      : deadline_(deadline), gone_(std::move(gone)) {}

  Moment deadline() const { return deadline_; }
  /// Stop is requested when nobody waits any more.
  const std::stop_token& gone() const { return gone_; }
  /// Once true, it stays so.
  bool IsOver() const {
    if (gone_.stop_requested()) return true;
    return deadline_ != Moment::max() && std::chrono::steady_clock::now() >= deadline_;
  }
  /// kUnavailable with reason given_up: nobody waits. kDeadlineExceeded with reason
  /// question_too_long.
  Status Check() const;
  /// The same, but from now on no longer than `limit`.
  Patience AtMost(std::chrono::milliseconds limit) const;

 private:
  Moment deadline_ = Moment::max();
  std::stop_token gone_;
};

}  // namespace fansipan::base
