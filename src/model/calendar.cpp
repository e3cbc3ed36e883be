#include "model/calendar.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace fansipan::model {
namespace {

using base::Duration;
using base::LocalTime;
using base::Timestamp;

constexpr Duration kWeek = std::chrono::weeks(1);
// Beyond it a sum of working time is no longer looked for.
constexpr Timestamp kLatest = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

Duration LengthOf(const WorkingSpan& span) {
  return std::chrono::minutes(std::max(span.to_minute - span.from_minute, 0));
}

Duration WeekTotal(const WorkingCalendar& calendar) {
  Duration total{0};
  for (const auto& day : calendar.week) {
    for (const WorkingSpan& span : day) total += LengthOf(span);
  }
  return total;
}

/// Where the offset of `from` ends, at most a week later. A zone keeps an offset for longer than a
/// week, so that one change at most lies between.
Timestamp EndOfOffset(const base::TimeZone& zone, Timestamp from, Timestamp to) {
  to = std::min(to, from + kWeek);
  const std::chrono::seconds offset = zone.OffsetAt(from);
  if (zone.OffsetAt(to) == offset) return to;
  while (to - from > Duration(1)) {
    const Timestamp middle = from + (to - from) / 2;
    (zone.OffsetAt(middle) == offset ? from : to) = middle;
  }
  return to;
}

struct LocalSpan {
  LocalTime from;
  LocalTime to;
};

/// Calls `visit` with each piece of working time in [from, to), in order, until it returns false.
template <typename Visit>
void VisitSpans(const WorkingCalendar& calendar, LocalTime from, LocalTime to, Visit visit) {
  for (auto day = std::chrono::floor<std::chrono::days>(from); day < to;
       day += std::chrono::days(1)) {
    const std::size_t index = std::chrono::weekday(day).iso_encoding() - 1;
    for (const WorkingSpan& span : calendar.week[index]) {
      const LocalSpan piece{std::max<LocalTime>(from, day + std::chrono::minutes(span.from_minute)),
                            std::min<LocalTime>(to, day + std::chrono::minutes(span.to_minute))};
      if (piece.from < piece.to && !visit(piece)) return;
    }
  }
}

/// Working time of a stretch with one offset.
Duration WorkingTimeOf(const WorkingCalendar& calendar, LocalTime from, LocalTime to) {
  if (to - from == kWeek) return WeekTotal(calendar);
  Duration total{0};
  VisitSpans(calendar, from, to, [&total](const LocalSpan& piece) {
    total += piece.to - piece.from;
    return true;
  });
  return total;
}

/// The earliest local time in the stretch by which `amount` is worked.
LocalTime FindWorked(const WorkingCalendar& calendar, LocalTime from, LocalTime to,
                     Duration amount) {
  LocalTime found = to;
  VisitSpans(calendar, from, to, [&](const LocalSpan& piece) {
    const Duration length = piece.to - piece.from;
    if (length < amount) {
      amount -= length;
      return true;
    }
    found = piece.from + amount;
    return false;
  });
  return found;
}

}  // namespace

bool WorkingCalendar::is_always() const { return WeekTotal(*this) == Duration(0); }

base::Duration WorkingTimeBetween(const WorkingCalendar& calendar, const base::TimeZone& zone,
                                  base::Timestamp from, base::Timestamp to) {
  if (to <= from) return Duration(0);
  if (calendar.is_always()) return to - from;
  Duration total{0};
  while (from < to) {
    const Timestamp end = EndOfOffset(zone, from, to);
    const std::chrono::seconds offset = zone.OffsetAt(from);
    total += WorkingTimeOf(calendar, LocalTime(from.time_since_epoch() + offset),
                           LocalTime(end.time_since_epoch() + offset));
    from = end;
  }
  return total;
}

base::Timestamp AddWorkingTime(const WorkingCalendar& calendar, const base::TimeZone& zone,
                               base::Timestamp from, base::Duration amount) {
  if (amount <= Duration(0)) return from;
  if (calendar.is_always()) return amount > kLatest - from ? kLatest : from + amount;
  while (from < kLatest) {
    const Timestamp end = EndOfOffset(zone, from, kLatest);
    const std::chrono::seconds offset = zone.OffsetAt(from);
    const LocalTime local_from(from.time_since_epoch() + offset);
    const LocalTime local_end(end.time_since_epoch() + offset);
    const Duration worked = WorkingTimeOf(calendar, local_from, local_end);
    if (worked >= amount) {
      const LocalTime found = FindWorked(calendar, local_from, local_end, amount);
      return Timestamp(found.time_since_epoch() - offset);
    }
    amount -= worked;
    from = end;
  }
  return kLatest;
}

}  // namespace fansipan::model
