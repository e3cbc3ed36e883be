#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace fansipan::sources {

/// At most so many requests in any minute. Belongs to one thread.
class RequestPace {
 public:
  explicit RequestPace(std::uint32_t per_minute) : per_minute_(per_minute) {}

  /// How long a request must wait at `now`; zero: it may go, and is counted.
  base::Duration TakeOrWait(base::Timestamp now);

 private:
  const std::uint32_t per_minute_;
  std::deque<base::Timestamp> taken_;
};

/// What Retry-After says, in seconds or as a date (RFC 9110), at most an hour. Nothing when it
/// cannot be read.
std::optional<base::Duration> RetryAfter(std::string_view header, base::Timestamp now);

}  // namespace fansipan::sources
