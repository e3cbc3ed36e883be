#include "indicators/clocks/plain_clock.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "indicators/internal/plain_condition.h"

namespace fansipan::indicators {
namespace {

using base::Duration;
using base::Timestamp;
using std::chrono::days;
using std::chrono::minutes;

// A walk gives up behind it.
constexpr days kLongestWalk{100 * 366};
// Moments of a record that lie further apart are not compared.
constexpr days kLongestCompared{20 * 366};
constexpr model::WorkingSpan kWholeDay = {0, 24 * 60};

struct Interval {
  Timestamp from;
  Timestamp until;
};

class PlainClock {
 public:
  PlainClock(const model::WorkingCalendar& calendar, const base::TimeZone& zone,
             std::vector<Interval> pauses)
      : calendar_(calendar), zone_(zone), pauses_(std::move(pauses)) {}

  model::Date DayOf(Timestamp moment) const {
    return model::Date(std::chrono::floor<days>(zone_.ToLocal(moment).time_since_epoch()));
  }

  std::vector<Interval> WorkOn(model::Date day) const {
    std::vector<Interval> work;
    const model::WorkingSpans spans =
        calendar_.is_always() ? model::WorkingSpans{kWholeDay} : calendar_.HoursOf(day);
    for (const model::WorkingSpan& span : spans) {
      const base::LocalTime midnight(day.time_since_epoch());
      work.push_back({zone_.ToUtc(midnight + minutes(span.from_minute)),
                      zone_.ToUtc(midnight + minutes(span.to_minute))});
    }
    return work;
  }

  /// Working time between two moments, with or without what lies in pauses.
  Duration Count(Timestamp from, Timestamp to, bool with_pauses) const {
    Duration counted{0};
    for (model::Date day = DayOf(from); from < to && day <= DayOf(to); day += days(1)) {
      for (const Interval& work : WorkOn(day)) {
        const Interval asked{std::max(work.from, from), std::min(work.until, to)};
        for (const Interval& piece : Pieces(asked, with_pauses))
          counted += piece.until - piece.from;
      }
    }
    return counted;
  }

  std::optional<Timestamp> EndOfTerm(Timestamp from, std::int64_t term) const {
    const model::Date first = DayOf(from);
    std::int64_t counted = 0;
    for (model::Date day = first; day < first + kLongestWalk; day += days(1)) {
      const auto work = WorkOn(day);
      if (work.empty()) continue;
      if (term == 0 && (day > first || from <= work.back().until)) return work.back().until;
      if (day > first && ++counted == term) return work.back().until;
    }
    return std::nullopt;
  }

  /// When so much working time outside pauses has passed.
  std::optional<Timestamp> Reach(Timestamp from, Duration amount) const {
    if (amount <= Duration(0)) return from;
    const model::Date first = DayOf(from);
    for (model::Date day = first; day < first + kLongestWalk && !StandsStillOn(day);
         day += days(1)) {
      for (const Interval& work : WorkOn(day)) {
        for (const Interval& piece : Pieces({std::max(work.from, from), work.until}, true)) {
          if (amount <= piece.until - piece.from) return piece.from + amount;
          amount -= piece.until - piece.from;
        }
      }
    }
    return std::nullopt;
  }

 private:
  /// True when a pause without an end began before the day.
  bool StandsStillOn(model::Date day) const {
    return std::ranges::any_of(pauses_, [&](const Interval& pause) {
      return pause.until == Timestamp::max() && DayOf(pause.from) < day;
    });
  }

  /// What is left of a span when the pauses are cut out, in order.
  std::vector<Interval> Pieces(Interval span, bool with_pauses) const {
    std::vector<Interval> pieces;
    if (span.from >= span.until) return pieces;
    pieces.push_back(span);
    if (!with_pauses) return pieces;
    for (const Interval& pause : pauses_) {
      std::vector<Interval> left;
      for (const Interval& piece : pieces) {
        const Interval before{piece.from, std::min(piece.until, pause.from)};
        const Interval behind{std::max(piece.from, pause.until), piece.until};
        if (before.from < before.until) left.push_back(before);
        if (behind.from < behind.until) left.push_back(behind);
      }
      pieces = std::move(left);
    }
    return pieces;
  }

  const model::WorkingCalendar& calendar_;
  const base::TimeZone& zone_;
  const std::vector<Interval> pauses_;
};

std::optional<Timestamp> MomentAt(const model::Row& row, std::optional<std::size_t> column,
                                  const base::TimeZone& zone) {
  if (!column) return std::nullopt;
  if (const auto* moment = std::get_if<Timestamp>(&row[*column])) return *moment;
  if (const auto* day = std::get_if<model::Date>(&row[*column])) {
    return zone.ToUtc(base::LocalTime(day->time_since_epoch()));
  }
  return std::nullopt;
}

/// Each version's own span of time, if the clock stood still in it.
std::vector<Interval> PausesOf(const center::Center& center, const model::Dataset& dataset,
                               const model::CaseClock& clock,
                               const std::vector<const model::Version*>& history) {
  std::vector<Interval> pauses;
  const auto add = [&](Timestamp from, Timestamp until) {
    if (from < until) pauses.push_back({from, until});
  };
  const model::Row& row = history.back()->values;
  const auto end = MomentAt(row, clock.until, center.time_zone).value_or(Timestamp::max());
  for (std::size_t i = 0; i < history.size(); ++i) {
    const model::Row& values = history[i]->values;
    const bool stands_still =
        history[i]->withdrawn ||
        (clock.paused_when && internal::IsTrue(*clock.paused_when, dataset, values) == true);
    const auto from = MomentAt(values, dataset.order, center.time_zone);
    if (!stands_still || !from) continue;
    const auto next = i + 1 < history.size()
                          ? MomentAt(history[i + 1]->values, dataset.order, center.time_zone)
                          : std::nullopt;
    add(*from, std::min(next.value_or(Timestamp::max()), end));
  }
  if (const auto from = MomentAt(row, clock.paused_from, center.time_zone)) {
    const auto until = MomentAt(row, clock.paused_until, center.time_zone);
    add(*from, std::min(until.value_or(Timestamp::max()), end));
  }
  std::ranges::sort(pauses, {}, &Interval::from);
  return pauses;
}

std::int64_t Minutes(Duration duration) { return std::chrono::floor<minutes>(duration).count(); }

/// Working time allowed without pauses, in microseconds; nothing when the record does not say.
std::optional<Duration> AllowedTime(const model::CaseClock& clock, const model::Row& row,
                                    const PlainClock& plain, Timestamp from) {
  const auto& allowed = clock.allowed;
  std::int64_t term = allowed.days;
  if (allowed.in_days) {
    if (allowed.column) {
      const auto* given = std::get_if<std::int64_t>(&row[*allowed.column]);
      if (given == nullptr || *given < 0 || *given > 100'000) return std::nullopt;
      term = *given;
    }
    const auto unpaused = plain.EndOfTerm(from, term);
    return unpaused ? std::optional(plain.Count(from, *unpaused, false)) : std::nullopt;
  }
  if (!allowed.column) return allowed.time;
  model::Decimal hours;
  if (const auto* whole = std::get_if<std::int64_t>(&row[*allowed.column])) {
    hours = model::Decimal::FromInteger(*whole);
  } else if (const auto* decimal = std::get_if<model::Decimal>(&row[*allowed.column])) {
    hours = *decimal;
  } else {
    return std::nullopt;
  }
  const bool sane = hours >= model::Decimal() && hours <= model::Decimal::FromInteger(100'000);
  const auto scaled =
      sane ? Multiply(hours, model::Decimal::FromInteger(3'600'000'000)) : std::nullopt;
  if (!scaled) return std::nullopt;
  model::Int128 whole = scaled->unscaled();
  for (int scale = scaled->scale(); scale > 0; --scale) whole /= 10;
  return Duration(static_cast<std::int64_t>(whole));
}

std::optional<Timestamp> OpenSince(const std::vector<Interval>& pauses) {
  std::optional<Timestamp> since;
  for (auto pause = pauses.rbegin(); pause != pauses.rend(); ++pause) {
    if (pause->until == Timestamp::max()) since = pause->from;
  }
  for (std::size_t round = 0; since && round < pauses.size(); ++round) {
    for (const Interval& pause : pauses) {
      if (pause.from < *since && pause.until >= *since) since = pause.from;
    }
  }
  return since;
}

bool AreFarApart(const std::vector<std::optional<Timestamp>>& moments) {
  std::optional<Timestamp> first;
  std::optional<Timestamp> last;
  for (const auto& moment : moments) {
    if (!moment) continue;
    first = std::min(first.value_or(*moment), *moment);
    last = std::max(last.value_or(*moment), *moment);
  }
  return first && *last - *first > kLongestCompared;
}

}  // namespace

std::optional<PlainReading> ReadPlainClock(const center::Center& center,
                                           const model::Dataset& dataset,
                                           const model::CaseClock& clock,
                                           const std::vector<const model::Version*>& history,
                                           const std::string& calendar) {
  PlainReading reading;
  const model::Row& row = history.back()->values;
  const base::TimeZone& zone = center.time_zone;
  const auto from = MomentAt(row, clock.from, zone);
  const auto until = MomentAt(row, clock.until, zone);
  const auto stated =
      clock.stated_due ? MomentAt(row, clock.stated_due->column, zone) : std::nullopt;
  if (!from && !stated) return reading;
  const std::vector<Interval> pauses = PausesOf(center, dataset, clock, history);
  const PlainClock plain(center.FindCalendar(calendar)->timetable.calendar(), zone, pauses);
  std::optional<Duration> amount;
  std::optional<Duration> used;
  const auto at = until ? until : MomentAt(row, dataset.order, zone);
  if (AreFarApart({from, stated, at})) return std::nullopt;
  const auto signed_count = [&](Timestamp left, Timestamp right, bool with_pauses) {
    return left <= right ? plain.Count(left, right, with_pauses)
                         : -plain.Count(right, left, with_pauses);
  };
  if (from) {
    if (!until) reading.paused_since = OpenSince(pauses);
    amount = AllowedTime(clock, row, plain, *from);
    if (amount) reading.due = plain.Reach(*from, *amount);
    const bool no_days = clock.allowed.in_days && amount == Duration(0);
    if (reading.due && clock.allowed.in_days) {
      reading.due = plain.EndOfTerm(no_days ? *from : *reading.due - Duration(1), 0);
    }
    if (at) used = plain.Count(*from, *at, true);
    if (used) reading.used = Minutes(*used);
  }
  if (stated && reading.due) {
    const Duration apart = signed_count(*reading.due, *stated, false);
    if (std::chrono::abs(apart) > clock.stated_due->tolerance) {
      reading.contradiction = Minutes(apart);
    }
  }
  if (stated && clock.stated_due->authoritative) {
    const bool stands_still = reading.paused_since && *reading.paused_since < *stated;
    const auto counted_from = stands_still ? reading.paused_since : at;
    if (counted_from) reading.left = Minutes(signed_count(*counted_from, *stated, false));
    reading.due = stands_still ? std::nullopt : stated;
  } else if (at && reading.due) {
    reading.left = Minutes(signed_count(*at, *reading.due, true));
  } else if (used && amount) {
    reading.left = Minutes(*amount - *used);
  }
  return reading;
}

}  // namespace fansipan::indicators
