#include "indicators/clocks/clock_plan.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

#include "center/calendar_notices.h"
#include "model/days.h"

namespace fansipan::indicators {
namespace {

using model::ClockOutput;
using model::Pause;

std::optional<base::Timestamp> MomentAt(const model::Row& values,
                                        const std::optional<std::size_t>& column) {
  if (!column) return std::nullopt;
  const auto* moment = std::get_if<base::Timestamp>(&values[*column]);
  return moment ? std::optional(*moment) : std::nullopt;
}

/// Hours of a decimal or an integer, to the microsecond; nothing for what no record can mean.
std::optional<base::Duration> HoursOf(const model::Value& value) {
  constexpr int kMicroseconds = 6;
  constexpr std::int64_t kSecondsAnHour = 3'600;
  constexpr std::int64_t kMostHours = 100'000;
  std::optional<model::Decimal> hours;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    hours = model::Decimal::FromInteger(*integer);
  } else if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
    hours = *decimal;
  }
  if (!hours || hours->unscaled() < 0 || model::Decimal::FromInteger(kMostHours) < *hours) {
    return std::nullopt;
  }
  model::Int128 scaled = hours->unscaled() * kSecondsAnHour;
  for (int scale = hours->scale(); scale < kMicroseconds; ++scale) scaled *= 10;
  for (int scale = hours->scale(); scale > kMicroseconds; --scale) scaled /= 10;
  return base::Duration(static_cast<std::int64_t>(scaled));
}

std::optional<model::ClockTimes::Allowed> AllowedOf(const model::AllowedTime& allowed,
                                                    const model::Row& values) {
  constexpr std::int64_t kMostDays = 100'000;
  if (!allowed.column)
    return model::ClockTimes::Allowed{allowed.in_days, allowed.days, allowed.time};
  const model::Value& value = values[*allowed.column];
  if (allowed.in_days) {
    const auto* days = std::get_if<std::int64_t>(&value);
    if (days == nullptr || *days < 0 || *days > kMostDays) return std::nullopt;
    return model::ClockTimes::Allowed{true, *days, {}};
  }
  const auto time = HoursOf(value);
  if (!time) return std::nullopt;
  return model::ClockTimes::Allowed{false, 0, *time};
}

/// From each version in which the clock stood still until the next one that says otherwise.
std::vector<Pause> PausesOf(std::span<const CurrentIndex::Moment> history, std::uint8_t bit,
                            const base::TimeZone& zone) {
  std::vector<Pause> pauses;
  bool paused = false;
  for (const CurrentIndex::Moment& moment : history) {
    const bool stands_still = (moment.paused & bit) != 0;
    if (stands_still == paused) continue;
    const auto at = model::MomentOf(moment.order, zone);
    if (!at) continue;
    paused = stands_still;
    if (paused) {
      pauses.push_back({*at, model::kStillPaused});
    } else {
      pauses.back().until = *at;
    }
  }
  return pauses;
}

std::int64_t Minutes(base::Duration duration) {
  return std::chrono::floor<std::chrono::minutes>(duration).count();
}

template <typename T>
model::Value ValueOf(const std::optional<T>& value) {
  if constexpr (std::is_same_v<T, base::Duration>) {
    return value ? model::Value(Minutes(*value)) : model::Value();
  } else {
    return value ? model::Value(*value) : model::Value();
  }
}

/// Which of two due moments holds, and how far they are apart.
void FillDue(const model::CaseClock& clock, const model::WorkingTimetable& table,
             model::ClockReading& reading, const model::ClockTimes& times, model::Row& values) {
  values[clock.ColumnOf(ClockOutput::kReckonedDue)] = ValueOf(reading.due);
  const auto stated = MomentAt(values, clock.stated_due->column);
  model::Value& contradiction = values[clock.ColumnOf(ClockOutput::kContradiction)];
  contradiction = {};
  if (stated && reading.due) {
    const base::Duration apart = model::SignedBetween(table, *reading.due, *stated).value;
    if (std::chrono::abs(apart) > clock.stated_due->tolerance) contradiction = Minutes(apart);
  }
  if (!clock.stated_due->authoritative || !stated) return;
  // The source, too, puts its due moment off, but only when the pause is over.
  const bool stands_still = reading.paused_since && *reading.paused_since < *stated;
  auto at = times.until ? times.until : times.told_at;
  if (stands_still) at = reading.paused_since;
  reading.due = stands_still ? std::nullopt : stated;
  if (at) reading.left = model::SignedBetween(table, *at, *stated).value;
}

}  // namespace

base::Result<ClockPlan> ClockPlan::Build(const center::Center& center) {
  ClockPlan plan;
  plan.center_ = &center;
  for (const model::Dataset& dataset : center.datasets) {
    std::vector<PlannedClock>& clocks = plan.datasets_.emplace_back();
    for (const model::CaseClock& declared : dataset.clocks) {
      PlannedClock clock;
      clock.declared = &declared;
      clock.timetable = &center.FindCalendar(declared.calendar)->timetable;
      if (declared.paused_when) {
        FANSIPAN_ASSIGN_OR_RETURN(clock.paused_when,
                                  model::RowCondition::Compile(*declared.paused_when, dataset));
      }
      for (const model::UnitCalendar& own : declared.unit_calendars) {
        const auto unit = center.TreeOf(own.tree).FindByCode(own.unit);
        if (!unit) continue;
        clock.of_units.push_back(
            {{own.tree, *unit}, &center.FindCalendar(own.calendar)->timetable});
      }
      clocks.push_back(std::move(clock));
      plan.any_ = true;
    }
  }
  return plan;
}

std::uint8_t ClockPlan::PausedIn(std::size_t dataset, const model::Row& values,
                                 bool withdrawn) const {
  std::uint8_t paused = 0;
  std::uint8_t bit = 1;
  for (const PlannedClock& clock : datasets_[dataset]) {
    const bool stands_still =
        withdrawn || (clock.paused_when && clock.paused_when->Evaluate(values) == true);
    if (stands_still) paused = static_cast<std::uint8_t>(paused | bit);
    bit = static_cast<std::uint8_t>(bit << 1U);
  }
  return paused;
}

/// That of the nearest unit above the record's own that has one.
const model::WorkingTimetable& ClockPlan::TimetableFor(const PlannedClock& clock,
                                                       std::size_t dataset,
                                                       const MeasurePlan& units,
                                                       const model::Row& values) const {
  const auto from = MomentAt(values, clock.declared->from);
  if (clock.of_units.empty() || !from) return *clock.timetable;
  const model::Date day = center::DayAt(*center_, *from);
  for (const auto tree : {model::TreeKind::kOrganisation, model::TreeKind::kTerritory}) {
    const model::UnitId unit = units.UnitOf(dataset, tree, values, day);
    if (unit == model::kNoUnit) continue;
    const std::vector<model::UnitId> path = center_->TreeOf(tree).PathOn(unit, day);
    for (auto node = path.rbegin(); node != path.rend(); ++node) {
      const auto own = std::find_if(
          clock.of_units.begin(), clock.of_units.end(),
          [&](const auto& candidate) { return candidate.first == std::pair(tree, *node); });
      if (own != clock.of_units.end()) return *own->second;
    }
  }
  return *clock.timetable;
}

void ClockPlan::Fill(std::size_t dataset, std::span<const CurrentIndex::Moment> history,
                     const MeasurePlan& units, model::Row& values) const {
  std::uint8_t bit = 1;
  for (const PlannedClock& planned : datasets_[dataset]) {
    const model::CaseClock& clock = *planned.declared;
    const model::WorkingTimetable& table = TimetableFor(planned, dataset, units, values);
    model::ClockTimes times;
    times.from = MomentAt(values, clock.from);
    times.until = MomentAt(values, clock.until);
    if (!history.empty()) times.told_at = model::MomentOf(history.back().order, center_->time_zone);
    times.allowed = AllowedOf(clock.allowed, values);
    std::vector<Pause> pauses = PausesOf(history, bit, center_->time_zone);
    if (const auto since = MomentAt(values, clock.paused_from)) {
      pauses.push_back(
          {*since, MomentAt(values, clock.paused_until).value_or(model::kStillPaused)});
    }
    bit = static_cast<std::uint8_t>(bit << 1U);

    model::ClockReading reading = model::ReadClock(table, times, pauses);
    if (clock.stated_due) FillDue(clock, table, reading, times, values);
    values[clock.ColumnOf(ClockOutput::kDue)] = ValueOf(reading.due);
    values[clock.ColumnOf(ClockOutput::kUsed)] = ValueOf(reading.used);
    values[clock.ColumnOf(ClockOutput::kLeft)] = ValueOf(reading.left);
    values[clock.ColumnOf(ClockOutput::kPausedSince)] = ValueOf(reading.paused_since);
    values[clock.ColumnOf(ClockOutput::kCoverage)] =
        reading.coverage == model::Coverage::kDecided
            ? model::Value()
            : model::Value(std::string(NameOf(reading.coverage)));
  }
}

}  // namespace fansipan::indicators
