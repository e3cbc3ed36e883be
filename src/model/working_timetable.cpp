#include "model/working_timetable.h"

#include <algorithm>
#include <utility>

namespace fansipan::model {
namespace {

using base::Duration;
using base::LocalTime;
using base::Timestamp;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::year;

constexpr std::int64_t kWeekDays = 7;
constexpr Duration kMinute = minutes(1);
constexpr WorkingSpan kWholeDay = {0, 24 * 60};
// Beyond it a sum of working time is no longer looked for.
constexpr Timestamp kLatest = std::chrono::sys_days(year(10000) / 1 / 1);
constexpr Date kFirstDate = std::chrono::sys_days(year(1600) / 1 / 1);
constexpr Date kLastDate = std::chrono::sys_days(year(9999) / 12 / 31);
constexpr std::int64_t kMostDays = (kLastDate - kFirstDate).count();
// Changes of clocks are looked up between them.
constexpr Timestamp kFirstChange = std::chrono::sys_days(year(1900) / 1 / 1);
constexpr Timestamp kLastChange = std::chrono::sys_days(year(2200) / 1 / 1);
// The first day of a calendar without years; any Monday will do.
constexpr Date kSomeMonday = std::chrono::sys_days(year(2001) / 1 / 1);

Date FirstDayOf(int number) { return std::chrono::sys_days(year(number) / 1 / 1); }

Date MondayBefore(Date day) { return day - days(std::chrono::weekday(day).iso_encoding() - 1); }

std::int64_t FloorDivide(std::int64_t number, std::int64_t divisor) {
  const std::int64_t quotient = number / divisor;
  return number % divisor < 0 ? quotient - 1 : quotient;
}

LocalTime LocalMidnight(Date day) { return LocalTime(day.time_since_epoch()); }

Coverage Worse(Coverage left, Coverage right) { return std::max(left, right); }

bool AreInOrder(std::span<const Pause> pauses) {
  return std::ranges::is_sorted(pauses, {}, &Pause::from);
}

std::vector<Pause> InOrder(std::span<const Pause> pauses) {
  std::vector<Pause> ordered(pauses.begin(), pauses.end());
  std::ranges::sort(ordered, {}, &Pause::from);
  return ordered;
}

}  // namespace

WorkingTimetable::WorkingTimetable(const base::TimeZone& zone)
    : WorkingTimetable(WorkingCalendar(), zone) {}

WorkingTimetable::WorkingTimetable(WorkingCalendar calendar, const base::TimeZone& zone)
    : calendar_(std::move(calendar)) {
  LayOutDays();
  LayOutStretches(zone);
  SetCoverage();
}

void WorkingTimetable::LayOutDays() {
  Date until = kSomeMonday + days(kWeekDays);
  first_day_ = kSomeMonday;
  if (!calendar_.years.empty()) {
    first_day_ = MondayBefore(FirstDayOf(calendar_.years.begin()->first)) - days(kWeekDays);
    const Date end = FirstDayOf(calendar_.years.rbegin()->first + 1);
    until = MondayBefore(end + days(kWeekDays - 1)) + days(kWeekDays);
  }
  const bool always = calendar_.is_always();
  days_.reserve(static_cast<std::size_t>((until - first_day_).count()) + 1);
  days_.emplace_back();
  for (Date day = first_day_; day < until; day += days(1)) {
    AppendDay(always ? WorkingSpans{kWholeDay} : calendar_.HoursOf(day));
  }
}

// The last entry of the table becomes the day, and a new one is put behind it.
void WorkingTimetable::AppendDay(const WorkingSpans& hours) {
  Day next = days_.back();
  days_.back().first_span = static_cast<std::uint32_t>(spans_.size());
  days_.back().span_count = static_cast<std::uint32_t>(hours.size());
  for (const WorkingSpan& span : hours) {
    spans_.push_back(span);
    next.minutes_before += span.to_minute - span.from_minute;
  }
  if (!hours.empty()) ++next.working_days_before;
  days_.push_back(next);
}

void WorkingTimetable::LayOutStretches(const base::TimeZone& zone) {
  for (Timestamp from = kFirstChange; from < kLastChange; from = zone.OffsetStaysUntil(from)) {
    const std::chrono::seconds offset = zone.OffsetAt(from);
    if (!stretches_.empty() && stretches_.back().offset == offset) continue;
    Stretch stretch{.from = from, .offset = offset};
    if (!stretches_.empty()) stretch.worked_before = WorkedUntil(from);
    stretch.correction =
        stretch.worked_before - WorkedUntil(LocalTime(from.time_since_epoch() + offset));
    stretches_.push_back(stretch);
  }
}

void WorkingTimetable::SetCoverage() {
  if (calendar_.years.empty()) return;
  covered_from_ = FirstDayOf(calendar_.years.begin()->first);
  covered_until_ = FirstDayOf(calendar_.years.rbegin()->first + 1);
  decided_until_ = covered_until_;
  for (const auto& [number, declared] : calendar_.years) {
    if (declared.provisional) decided_until_ = std::min(decided_until_, FirstDayOf(number));
  }
  covered_since_ = FirstMomentShowing(LocalMidnight(covered_from_));
  decided_before_ = FirstMomentShowing(LocalMidnight(decided_until_));
  covered_before_ = FirstMomentShowing(LocalMidnight(covered_until_));
}

Counted<Duration> WorkingTimetable::Between(Timestamp from, Timestamp to) const {
  if (to <= from) return {};
  return {WorkedUntil(to) - WorkedUntil(from), CoverageOf(from, to)};
}

Counted<Duration> WorkingTimetable::Between(Timestamp from, Timestamp to,
                                            std::span<const Pause> pauses) const {
  if (!AreInOrder(pauses)) return Between(from, to, InOrder(pauses));
  Counted<Duration> counted;
  const auto add = [&](Timestamp until) {
    const Counted<Duration> piece = Between(from, until);
    counted.value += piece.value;
    counted.coverage = Worse(counted.coverage, piece.coverage);
  };
  for (const Pause& pause : pauses) {
    add(std::min(pause.from, to));
    from = std::max(from, std::min(pause.until, to));
  }
  add(to);
  return counted;
}

Counted<Timestamp> WorkingTimetable::After(Timestamp from, Duration amount) const {
  if (amount <= Duration(0)) return {from, Coverage::kDecided};
  Timestamp reached = kLatest;
  if (amount < kLatest - from) {
    reached = std::min(FirstMomentWorked(WorkedUntil(from) + amount), kLatest);
  }
  return {reached, CoverageOf(from, reached)};
}

Counted<Timestamp> WorkingTimetable::After(Timestamp from, Duration amount,
                                           std::span<const Pause> pauses) const {
  if (amount <= Duration(0)) return {from, Coverage::kDecided};
  if (!AreInOrder(pauses)) return After(from, amount, InOrder(pauses));
  Coverage coverage = Coverage::kDecided;
  for (const Pause& pause : pauses) {
    if (pause.until <= from) continue;
    const Counted<Duration> before = Between(from, pause.from);
    if (before.value >= amount) break;
    amount -= before.value;
    coverage = Worse(coverage, before.coverage);
    from = pause.until;
  }
  const Counted<Timestamp> reached =
      from < kLatest ? After(from, amount) : Counted<Timestamp>{kLatest, CoverageOf(kLatest, from)};
  return {reached.value, Worse(coverage, reached.coverage)};
}

bool WorkingTimetable::IsWorkingDay(Date day) const { return !SpansAt(PlaceOf(day)).empty(); }

Counted<Date> WorkingTimetable::AddWorkingDays(Date day, std::int64_t count) const {
  if (count == 0) return {day, CoverageOf(day, day)};
  const std::int64_t steps = std::clamp(count, -kMostDays, kMostDays);
  const std::int64_t before = CountBefore(PlaceOf(day), &Day::working_days_before);
  const std::int64_t with = before + (IsWorkingDay(day) ? 1 : 0);
  const Place place =
      PlaceReaching(steps > 0 ? with + steps : before + steps + 1, &Day::working_days_before);
  const Date reached = std::clamp(DayAt(place), kFirstDate, kLastDate);
  return {reached, CoverageOf(std::min(day, reached), std::max(day, reached))};
}

Counted<std::int64_t> WorkingTimetable::WorkingDaysBetween(Date from, Date to) const {
  if (to <= from) return {};
  const auto before = [this](Date day) {
    return CountBefore(PlaceOf(day), &Day::working_days_before);
  };
  return {before(to + days(1)) - before(from + days(1)), CoverageOf(from + days(1), to)};
}

Counted<Timestamp> WorkingTimetable::DueAfterWorkingDays(Timestamp from, std::int64_t count) const {
  const Date begin = DayOf(from);
  if (count <= 0 && IsWorkingDay(begin) && from <= EndOfWork(begin)) {
    return {EndOfWork(begin), CoverageOf(begin, begin)};
  }
  const Counted<Date> last = AddWorkingDays(begin, std::max<std::int64_t>(count, 1));
  return {EndOfWork(last.value), last.coverage};
}

Coverage WorkingTimetable::CoverageOf(Date first, Date last) const {
  if (first < covered_from_ || last >= covered_until_) return Coverage::kOutside;
  return last < decided_until_ ? Coverage::kDecided : Coverage::kProvisional;
}

Coverage WorkingTimetable::CoverageOf(Timestamp from, Timestamp until) const {
  if (from < covered_since_ || until > covered_before_) return Coverage::kOutside;
  return until <= decided_before_ ? Coverage::kDecided : Coverage::kProvisional;
}

WorkingTimetable::Place WorkingTimetable::PlaceOf(Date day) const {
  const std::int64_t index = (day - first_day_).count();
  const auto count = static_cast<std::int64_t>(day_count());
  std::int64_t weeks = 0;
  if (index < 0) {
    weeks = FloorDivide(index, kWeekDays);
  } else if (index >= count) {
    weeks = (index - count) / kWeekDays + 1;
  }
  return {weeks, static_cast<std::size_t>(index - weeks * kWeekDays)};
}

Date WorkingTimetable::DayAt(const Place& place) const {
  return first_day_ + days(place.weeks * kWeekDays + static_cast<std::int64_t>(place.day));
}

std::span<const WorkingSpan> WorkingTimetable::SpansAt(const Place& place) const {
  const Day& day = days_[place.day];
  return std::span(spans_).subspan(day.first_span, day.span_count);
}

std::int64_t WorkingTimetable::CountBefore(const Place& place, Count count) const {
  return days_[place.day].*count + place.weeks * days_[kWeekDays].*count;
}

/// The day in whose course the count comes to `amount`.
WorkingTimetable::Place WorkingTimetable::PlaceReaching(std::int64_t amount, Count count) const {
  const std::int64_t in_week = days_[kWeekDays].*count;
  std::size_t begin = 0;
  std::size_t end = day_count();
  std::int64_t weeks = 0;
  if (amount <= 0) {
    weeks = FloorDivide(amount - 1, in_week);
    end = kWeekDays;
  } else if (amount > days_.back().*count) {
    begin = end - kWeekDays;
    weeks = (amount - days_[begin].*count - 1) / in_week;
  }
  const std::int64_t in_table = amount - weeks * in_week;
  const auto first = days_.begin() + static_cast<std::ptrdiff_t>(begin) + 1;
  const auto last = days_.begin() + static_cast<std::ptrdiff_t>(end) + 1;
  const auto found =
      std::partition_point(first, last, [&](const Day& day) { return day.*count < in_table; });
  return {weeks, static_cast<std::size_t>(found - days_.begin()) - 1};
}

const WorkingTimetable::Stretch& WorkingTimetable::StretchAt(Timestamp moment) const {
  if (moment >= stretches_.back().from) return stretches_.back();
  const auto after = std::ranges::upper_bound(stretches_, moment, {}, &Stretch::from);
  return after == stretches_.begin() ? *after : *(after - 1);
}

Date WorkingTimetable::DayOf(Timestamp moment) const {
  return std::chrono::floor<days>(moment + StretchAt(moment).offset);
}

/// The first moment at which clocks show the time; when they skip it, that at which they do.
Timestamp WorkingTimetable::FirstMomentShowing(LocalTime local) const {
  const Timestamp as_utc(local.time_since_epoch());
  const Stretch* stretch = &StretchAt(as_utc - days(2));
  for (; stretch != &stretches_.back(); ++stretch) {
    if (as_utc - stretch->offset < (stretch + 1)->from) break;
  }
  const Timestamp moment = as_utc - stretch->offset;
  return stretch == &stretches_.front() ? moment : std::max(moment, stretch->from);
}

/// Working time from the table's first midnight, by a clock that is never changed.
Duration WorkingTimetable::WorkedUntil(LocalTime local) const {
  const auto day = std::chrono::floor<days>(local);
  const Place place = PlaceOf(Date(day.time_since_epoch()));
  const Duration time = local - day;
  Duration worked = minutes(CountBefore(place, &Day::minutes_before));
  for (const WorkingSpan& span : SpansAt(place)) {
    if (time <= minutes(span.from_minute)) break;
    worked += std::min<Duration>(time, minutes(span.to_minute)) - minutes(span.from_minute);
  }
  return worked;
}

/// Working time up to the moment, from one that is the same for all moments.
Duration WorkingTimetable::WorkedUntil(Timestamp moment) const {
  const Stretch& stretch = StretchAt(moment);
  return stretch.correction + WorkedUntil(LocalTime(moment.time_since_epoch() + stretch.offset));
}

/// The earliest local time at which WorkedUntil is `amount`.
LocalTime WorkingTimetable::FirstTimeWorked(Duration amount) const {
  const std::int64_t whole = FloorDivide((amount - Duration(1)).count(), kMinute.count()) + 1;
  const Place place = PlaceReaching(whole, &Day::minutes_before);
  Duration left = amount - minutes(CountBefore(place, &Day::minutes_before));
  const LocalTime midnight = LocalMidnight(DayAt(place));
  for (const WorkingSpan& span : SpansAt(place)) {
    const Duration length = minutes(span.to_minute - span.from_minute);
    if (left <= length) return midnight + minutes(span.from_minute) + left;
    left -= length;
  }
  return midnight + days(1);
}

/// The earliest moment at which WorkedUntil is `amount`.
Timestamp WorkingTimetable::FirstMomentWorked(Duration amount) const {
  const auto reached =
      std::partition_point(stretches_.begin() + 1, stretches_.end(),
                           [&](const Stretch& stretch) { return stretch.worked_before < amount; });
  const Stretch& stretch = *(reached - 1);
  const LocalTime local = FirstTimeWorked(amount - stretch.correction);
  return Timestamp(local.time_since_epoch() - stretch.offset);
}

Timestamp WorkingTimetable::EndOfWork(Date day) const {
  const auto spans = SpansAt(PlaceOf(day));
  const int minute = spans.empty() ? kWholeDay.to_minute : spans.back().to_minute;
  return FirstMomentShowing(LocalMidnight(day) + minutes(minute));
}

}  // namespace fansipan::model
