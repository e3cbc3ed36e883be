#include "sources/connectors/http/request_pace.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "sources/connectors/http/http_client.h"

namespace fansipan::sources {
namespace {

constexpr base::Duration kMinute = std::chrono::minutes(1);
constexpr base::Duration kLongest = std::chrono::hours(1);

}  // namespace

base::Duration RequestPace::TakeOrWait(base::Timestamp now) {
  // A clock that was set back would make it wait for long.
  while (!taken_.empty() && (taken_.front() + kMinute <= now || taken_.front() > now)) {
    taken_.pop_front();
  }
  if (taken_.size() >= per_minute_) return taken_.front() + kMinute - now;
  taken_.push_back(now);
  return {};
}

std::optional<base::Duration> RetryAfter(std::string_view header, base::Timestamp now) {
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (error == std::errc() && end == header.data() + header.size()) {
    return std::min<base::Duration>(std::chrono::seconds(seconds), kLongest);
  }
  const auto moment = ParseHttpDate(std::string(header));
  if (!moment) return std::nullopt;
  const base::Duration left = *moment - now;
  return std::clamp(left, base::Duration(), kLongest);
}

}  // namespace fansipan::sources
