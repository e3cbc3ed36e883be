#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::base {

/// A moment on a wall clock of some zone, without the zone.
using LocalTime = std::chrono::local_time<Duration>;

/// An IANA time zone. Cheap to copy; immutable; safe from any thread.
class TimeZone {
 public:
  /// kNotFound when the zone data has no such name.
  static Result<TimeZone> Find(std::string_view name);
  static TimeZone Utc();

  const std::string& name() const { return name_; }
  LocalTime ToLocal(Timestamp moment) const;
  /// A local time that the clocks skip becomes the moment of the change; one that they show twice
  /// becomes the first of the two.
  Timestamp ToUtc(LocalTime local) const;
  /// Offset from UTC at the moment.
  std::chrono::seconds OffsetAt(Timestamp moment) const;
  /// Until when, at least, the offset at the moment stays; after the moment.
  Timestamp OffsetStaysUntil(Timestamp moment) const;

 private:
  TimeZone(std::string name, const void* zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_;
  const void* zone_;  // a date::time_zone of the process-wide, never freed zone data
};

}  // namespace fansipan::base
