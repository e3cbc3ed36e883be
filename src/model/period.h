#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time_zone.h"

namespace fansipan::model {

/// The finest time that cells of a measure set keep apart.
enum class Grain { kHour, kDay };
std::string_view NameOf(Grain grain);

/// A time leaf: hours or days of the center's local time since 1970-01-01.
using Leaf = std::int32_t;
Leaf LeafOf(base::LocalTime local, Grain grain);
base::LocalTime StartOf(Leaf leaf, Grain grain);

enum class PeriodKind { kHour, kDay, kWeek, kMonth, kQuarter, kYear };
std::string_view NameOf(PeriodKind kind);
std::optional<PeriodKind> FindPeriodKind(std::string_view name);

/// A span of local time, from included, to excluded, of one kind of one regime. The only regime of
/// this release is "calendar"; weeks are ISO weeks, Monday first.
struct Period {
  std::string regime = "calendar";
  PeriodKind kind = PeriodKind::kDay;
  base::LocalTime from;
  base::LocalTime to;
  bool operator==(const Period&) const = default;
};

/// Text forms: 2026-11-23T14 (hour), 2026-11-23, 2026-W48, 2026-11, 2026-Q4, 2026. Error
/// kInvalidArgument, reason unknown_period, names the forms.
base::Result<Period> ParsePeriod(std::string_view text);
std::string ToText(const Period& period);

Period PeriodContaining(PeriodKind kind, base::LocalTime local);
/// `steps` periods later (earlier when negative) of the same kind.
Period Shift(const Period& period, int steps);
/// The same hour, day (29 February becomes 28), ISO week (53 becomes 52), month, quarter a year
/// earlier.
Period SamePeriodLastYear(const Period& period);
/// Where the year that contains the period's start begins.
base::LocalTime YearStart(const Period& period);

/// Leaves of `grain` in the period: first included, last excluded. An hour has no leaf of a day
/// grain.
struct LeafRange {
  Leaf first = 0;
  Leaf last = 0;
};
std::optional<LeafRange> LeavesOf(const Period& period, Grain grain);

}  // namespace fansipan::model
