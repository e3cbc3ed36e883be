#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "model/calendar.h"
#include "model/value.h"

namespace fansipan::model {

/// Something counted by a calendar, and how much the calendar knows of the days it went over. What
/// is counted is always the best that can be said; a coverage that is not kDecided must be shown
/// with it.
template <typename T>
struct Counted {
  T value{};
  Coverage coverage = Coverage::kDecided;

  bool operator==(const Counted&) const = default;
};

/// A span of time in which a clock stands still: from included, until excluded. One that has not
/// ended yet has kStillPaused.
struct Pause {
  base::Timestamp from;
  base::Timestamp until;
};
inline constexpr base::Timestamp kStillPaused = base::Timestamp::max();

/// A working calendar laid out in a time zone, so that every question costs a few look-ups, however
/// far apart its moments are. A moment is working time when the zone's wall clock shows a time in a
/// span of that day, also on days on which clocks are changed; changes of clocks are known from
/// 1900 to 2199, before and after them the zone's offset stays. Days outside the covered years
/// count as days of an ordinary week, and the answer's coverage says so. A working day is a day
/// with any working time. Immutable; safe from any thread.
class WorkingTimetable {
 public:
  /// Every moment is working time, every day a working day.
  explicit WorkingTimetable(const base::TimeZone& zone);
  WorkingTimetable(WorkingCalendar calendar, const base::TimeZone& zone);

  const WorkingCalendar& calendar() const { return calendar_; }

  /// Working time between two moments; zero when `to` is not after `from`.
  Counted<base::Duration> Between(base::Timestamp from, base::Timestamp to) const;
  /// The same without what lies in pauses. These may overlap and stand in any order.
  Counted<base::Duration> Between(base::Timestamp from, base::Timestamp to,
                                  std::span<const Pause> pauses) const;
  /// The earliest moment by which `amount` of working time after `from` has passed; `from` when
  /// nothing is asked, the end of the year 9999 when it is not reached before.
  Counted<base::Timestamp> After(base::Timestamp from, base::Duration amount) const;
  /// The same by a clock that stands still in the pauses.
  Counted<base::Timestamp> After(base::Timestamp from, base::Duration amount,
                                 std::span<const Pause> pauses) const;

  bool IsWorkingDay(Date day) const;
  /// The `count`-th working day after a day, which itself is not counted; the |count|-th before it
  /// when negative, the day itself when zero. Limited to the years 1600 to 9999.
  Counted<Date> AddWorkingDays(Date day, std::int64_t count) const;
  /// Working days after `from`, up to and with `to`; zero when `to` is not after `from`. So it is
  /// the count that leads from `from` to the working day `to`.
  Counted<std::int64_t> WorkingDaysBetween(Date from, Date to) const;
  /// When what begins at a moment and may take `count` working days is due. The rule is that of
  /// terms in days in Vietnam's Civil Code 2015, articles 147 and 148, by which one-stop shops give
  /// out their slips: the day of the beginning is not counted, at whatever hour it was, and a term
  /// that would end on a free day ends on the next working day; on its last day it ends when work
  /// ends, since results are handed out at the counter. Zero days: the end of work of the day
  /// itself, or of the next working day when that has passed.
  Counted<base::Timestamp> DueAfterWorkingDays(base::Timestamp from, std::int64_t count) const;

  /// Of all days from the first to the last, which may be the same.
  Coverage CoverageOf(Date first, Date last) const;

 private:
  /// A day laid out, with what was worked on the table's days before it.
  struct Day {
    std::int32_t minutes_before = 0;
    std::int32_t working_days_before = 0;
    std::uint32_t first_span = 0;
    std::uint32_t span_count = 0;
  };
  using Count = std::int32_t Day::*;
  /// A stretch of time with one offset from UTC, until the next one begins.
  struct Stretch {
    base::Timestamp from;
    std::chrono::seconds offset{0};
    base::Duration worked_before{0};  ///< WorkedUntil(from)
    base::Duration correction{0};     ///< from what local time counts to what moments count
  };
  /// A day of the table, so many weeks later: weeks before and behind it are ordinary.
  struct Place {
    std::int64_t weeks = 0;
    std::size_t day = 0;
  };

  void LayOutDays();
  void AppendDay(const WorkingSpans& hours);
  void LayOutStretches(const base::TimeZone& zone);
  void SetCoverage();

  std::size_t day_count() const { return days_.size() - 1; }
  Place PlaceOf(Date day) const;
  Date DayAt(const Place& place) const;
  std::span<const WorkingSpan> SpansAt(const Place& place) const;
  std::int64_t CountBefore(const Place& place, Count count) const;
  Place PlaceReaching(std::int64_t amount, Count count) const;

  const Stretch& StretchAt(base::Timestamp moment) const;
  Date DayOf(base::Timestamp moment) const;
  base::Timestamp FirstMomentShowing(base::LocalTime local) const;
  base::Duration WorkedUntil(base::LocalTime local) const;
  base::Duration WorkedUntil(base::Timestamp moment) const;
  base::LocalTime FirstTimeWorked(base::Duration amount) const;
  base::Timestamp FirstMomentWorked(base::Duration amount) const;
  base::Timestamp EndOfWork(Date day) const;
  Coverage CoverageOf(base::Timestamp from, base::Timestamp until) const;

  WorkingCalendar calendar_;
  Date first_day_;         ///< of the table, a Monday; its first and its last week are ordinary
  std::vector<Day> days_;  ///< and one behind the last, for its sums
  std::vector<WorkingSpan> spans_;
  std::vector<Stretch> stretches_;
  Date covered_from_ = Date::min();
  Date decided_until_ = Date::max();
  Date covered_until_ = Date::max();
  // The same as moments.
  base::Timestamp covered_since_ = base::Timestamp::min();
  base::Timestamp decided_before_ = base::Timestamp::max();
  base::Timestamp covered_before_ = base::Timestamp::max();
};

}  // namespace fansipan::model
