#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace fansipan::bench {

using SteadyMoment = std::chrono::steady_clock::time_point;
inline SteadyMoment SteadyNow() { return std::chrono::steady_clock::now(); }
inline double MillisecondsBetween(SteadyMoment from, SteadyMoment to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}
inline double SecondsSince(SteadyMoment start) {
  return MillisecondsBetween(start, SteadyNow()) / 1'000;
}

/// Times of single events in milliseconds, all kept. One thread.
class Latencies {
 public:
  void Add(double milliseconds) { times_.push_back(milliseconds); }
  void Add(const Latencies& other);
  bool empty() const { return times_.empty(); }
  std::size_t size() const { return times_.size(); }
  /// 0 when there are none. `share` 0.99: the time that 99 of 100 do not exceed.
  double At(double share) const;
  double p50() const { return At(0.5); }
  double p99() const { return At(0.99); }
  double max() const { return At(1); }
  /// "p50 1.20, p99 3.40, max 5.60 ms (n = 1000)".
  std::string Text() const;
  void Clear() { times_.clear(); }

 private:
  std::vector<double> times_;
};

/// Calls `once` until `seconds` have passed, at least `least` and at most `most` times, and keeps
/// how long each took.
template <typename Once>
Latencies Repeat(double seconds, std::size_t least, std::size_t most, const Once& once) {
  Latencies times;
  const auto start = SteadyNow();
  while (times.size() < least || (times.size() < most && SecondsSince(start) < seconds)) {
    const auto begun = SteadyNow();
    once();
    times.Add(MillisecondsBetween(begun, SteadyNow()));
  }
  return times;
}

}  // namespace fansipan::bench
