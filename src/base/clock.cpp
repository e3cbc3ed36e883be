#include "base/clock.h"

namespace fansipan::base {

Timestamp SystemClock::Now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace fansipan::base
