#pragma once

#include <atomic>
#include <chrono>

namespace fansipan::base {

using Duration = std::chrono::microseconds;
/// A moment in UTC with microseconds.
using Timestamp = std::chrono::sys_time<Duration>;

/// Where the time comes from. Product code never asks the operating system itself, so that a
/// center's tests can run years in a moment.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
};

/// The machine's own clock.
class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
};

/// A clock that stands still until it is told to move. Safe from any thread.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Timestamp start) : now_(start) {}
  Timestamp Now() const override { return now_.load(); }
  void Set(Timestamp moment) { now_.store(moment); }
  void Advance(Duration step) { now_.store(now_.load() + step); }

 private:
  std::atomic<Timestamp> now_;
};

}  // namespace fansipan::base
