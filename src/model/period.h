#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time_zone.h"
#include "model/regime.h"
#include "model/text.h"

namespace fansipan::model {

/// The finest time that cells of a measure set keep apart.
enum class Grain { kHour, kDay };
std::string_view NameOf(Grain grain);

/// A time leaf: hours or days of the center's local time since 1970-01-01.
using Leaf = std::int32_t;
Leaf LeafOf(base::LocalTime local, Grain grain);
base::LocalTime StartOf(Leaf leaf, Grain grain);

/// A span of local time, from included, to excluded, of one kind of one regime. Equal periods have
/// the same regime, not only one of the same name.
struct Period {
  const Regime* regime = &Regime::Calendar();
  const PeriodKind* kind = &CalendarKind("day");  ///< of the regime
  base::LocalTime from;
  base::LocalTime to;
  bool operator==(const Period&) const = default;
};

/// The regimes that a period may be of, besides the calendar.
using Regimes = std::vector<std::shared_ptr<const Regime>>;
/// The calendar or one of these; null when none has the name.
const Regime* FindRegime(const Regimes& regimes, std::string_view name);

/// Text forms of the calendar: 2026-11-23T14 (hour), 2026-11-23, 2026-W48, 2026-11, 2026-Q4, 2026.
/// Other regimes stand before a colon, and then the number of their year and what of it:
/// reporting:2026, reporting:2026-06, 2026-Q2 (three months), 2026-T1 (four), 2026-H1 (six),
/// 2026-B1 (two), 2026-9M (nine months from the year's start), school:2026-summer (a declared
/// part). Error kInvalidArgument, reason unknown_period, names the forms of the regime.
base::Result<Period> ParsePeriod(std::string_view text, const Regimes& regimes = {});
std::string ToText(const Period& period);
/// As a reader writes it, by the label of its kind: "Quý II/2026". The calendar knows Vietnamese
/// and English.
LocalizedText LabelOf(const Period& period);

/// The period of the kind that the moment lies in. Of a cumulative kind the shortest that it lies
/// in, and the year's last one when the moment lies behind that.
Period PeriodContaining(const Regime& regime, const PeriodKind& kind, base::LocalTime local);
/// The same of the calendar: hour, day, week, month, quarter, year.
Period PeriodContaining(std::string_view calendar_kind, base::LocalTime local);
/// `steps` periods later (earlier when negative) of the same kind. A period that was extended to
/// its year's start stays so.
Period Shift(const Period& period, int steps);
/// The same hour, day (29 February becomes 28), ISO week (53 becomes 52), or the period of the same
/// number in the regime's year before; extended when this one is.
Period SamePeriodLastYear(const Period& period);
/// Where the year of its regime begins that the period lies in; of an ISO week the civil year that
/// its Monday lies in.
base::LocalTime YearStart(const Period& period);
/// The period with all of its year before it.
Period ExtendedToYearStart(const Period& period);

/// Leaves of `grain` in the period: first included, last excluded. An hour has no leaf of a day
/// grain.
struct LeafRange {
  Leaf first = 0;
  Leaf last = 0;
};
std::optional<LeafRange> LeavesOf(const Period& period, Grain grain);

}  // namespace fansipan::model
