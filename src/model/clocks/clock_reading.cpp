#include "model/clocks/clock_reading.h"

#include <algorithm>
#include <vector>

namespace fansipan::model {
namespace {

using base::Duration;
using base::Timestamp;

// What lies behind it is never reached.
constexpr Timestamp kNever = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

/// What a clock has time for, in working time, whatever its pauses.
Duration AmountOf(const WorkingTimetable& table, Timestamp from, const ClockTimes::Allowed& allowed,
                  Timestamp unpaused) {
  return allowed.in_days ? table.Between(from, unpaused).value : allowed.time;
}

Counted<Timestamp> UnpausedDue(const WorkingTimetable& table, Timestamp from,
                               const ClockTimes::Allowed& allowed) {
  return allowed.in_days ? table.DueAfterWorkingDays(from, allowed.days)
                         : table.After(from, allowed.time);
}

std::vector<Pause> SoundPauses(const ClockTimes& times, std::span<const Pause> pauses) {
  std::vector<Pause> sound;
  for (Pause pause : pauses) {
    if (times.until) pause.until = std::min(pause.until, *times.until);
    if (pause.from < pause.until) sound.push_back(pause);
  }
  return sound;
}

/// The beginning of the pauses that join and have not ended.
std::optional<Timestamp> PausedSince(std::span<const Pause> pauses) {
  std::optional<Timestamp> since;
  for (const Pause& pause : pauses) {
    if (pause.until == kStillPaused && (!since || pause.from < *since)) since = pause.from;
  }
  for (bool joined = since.has_value(); joined;) {
    const Timestamp before = *since;
    for (const Pause& pause : pauses) {
      if (pause.until >= *since) since = std::min(*since, pause.from);
    }
    joined = *since < before;
  }
  return since;
}

}  // namespace

Counted<Duration> SignedBetween(const WorkingTimetable& table, Timestamp from, Timestamp to,
                                std::span<const Pause> pauses) {
  if (from <= to) return table.Between(from, to, pauses);
  Counted<Duration> counted = table.Between(to, from, pauses);
  counted.value = -counted.value;
  return counted;
}

ClockReading ReadClock(const WorkingTimetable& table, const ClockTimes& times,
                       std::span<const Pause> pauses) {
  ClockReading reading;
  if (!times.from) return reading;
  const Timestamp from = *times.from;
  const std::vector<Pause> sound = SoundPauses(times, pauses);
  const auto note = [&reading](Coverage coverage) {
    reading.coverage = std::max(reading.coverage, coverage);
  };
  if (!times.until) reading.paused_since = PausedSince(sound);

  std::optional<Duration> amount;
  if (times.allowed) {
    const Counted<Timestamp> unpaused = UnpausedDue(table, from, *times.allowed);
    Counted<Timestamp> due = unpaused;
    amount = AmountOf(table, from, *times.allowed, unpaused.value);
    if (!sound.empty() && *amount > Duration(0)) {
      due = table.After(from, *amount, sound);
      // Just before it, it is working time: of the last day, also where work ends at midnight.
      if (times.allowed->in_days && due.value < kNever) {
        due.value = table.DueAfterWorkingDays(due.value - Duration(1), 0).value;
      }
    }
    if (due.value < kNever) {
      reading.due = due.value;
      note(due.coverage);
    } else {
      note(unpaused.coverage);
    }
  }
  const auto at = times.until ? times.until : times.told_at;
  if (!at) return reading;
  const Counted<Duration> used = table.Between(from, *at, sound);
  reading.used = used.value;
  note(used.coverage);
  if (reading.due) {
    const Counted<Duration> left = SignedBetween(table, *at, *reading.due, sound);
    reading.left = left.value;
    note(left.coverage);
  } else if (amount) {
    reading.left = *amount - used.value;
  }
  return reading;
}

}  // namespace fansipan::model
