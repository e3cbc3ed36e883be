#include "base/time_zone.h"

#include <date/tz.h>

#include <exception>

namespace fansipan::base {
namespace {

const date::time_zone& Zone(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

// Rows of a delivery mostly lie between the same two changes of the clocks, and looking these up
// makes texts each time.
const date::sys_info& FactsAt(const void* zone, Timestamp moment) {
  thread_local const void* last_zone = nullptr;
  thread_local date::sys_info last;
  const auto second = std::chrono::floor<std::chrono::seconds>(moment);
  if (last_zone != zone || second < last.begin || second >= last.end) {
    last = Zone(zone).get_info(second);
    last_zone = zone;
  }
  return last;
}

}  // namespace

Result<TimeZone> TimeZone::Find(std::string_view name) {
  try {
    return TimeZone(std::string(name), date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return Error{ErrorCode::kNotFound, "unknown_time_zone",
                 "time zone '" + std::string(name) +
                     "' is not in the zone data; use an IANA name such as Asia/Ho_Chi_Minh"};
  }
}

TimeZone TimeZone::Utc() { return {"Etc/UTC", date::locate_zone("Etc/UTC")}; }

std::chrono::seconds TimeZone::OffsetAt(Timestamp moment) const {
  return FactsAt(zone_, moment).offset;
}

Timestamp TimeZone::OffsetStaysUntil(Timestamp moment) const { return FactsAt(zone_, moment).end; }

LocalTime TimeZone::ToLocal(Timestamp moment) const {
  return LocalTime(moment.time_since_epoch() + OffsetAt(moment));
}

Timestamp TimeZone::ToUtc(LocalTime local) const {
  const auto whole = std::chrono::floor<std::chrono::seconds>(local.time_since_epoch());
  const date::local_info info = Zone(zone_).get_info(date::local_seconds(whole));
  if (info.result == date::local_info::nonexistent) {
    return Timestamp(info.first.end.time_since_epoch());
  }
  return Timestamp(local.time_since_epoch() - info.first.offset);
}

}  // namespace fansipan::base
