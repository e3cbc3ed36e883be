#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "indicators/current_index.h"
#include "indicators/measure_plan.h"
#include "model/clocks/clock_reading.h"
#include "model/row_condition.h"

namespace fansipan::indicators {

/// The declared clocks, ready to be read for a row. Reads the center's calendars, so that the
/// center must outlive it. Immutable; safe from any thread.
class ClockPlan {
 public:
  static base::Result<ClockPlan> Build(const center::Center& center);

  bool empty() const { return !any_; }
  bool HasClocks(std::size_t dataset) const { return !datasets_[dataset].empty(); }

  /// A bit for each clock of the dataset that stands still in a version with these values. While a
  /// record is withdrawn, all do.
  std::uint8_t PausedIn(std::size_t dataset, const model::Row& values, bool withdrawn) const;
  /// Sets the columns of what clocks say. `history`: the versions of the record in precedence, up
  /// to and with the one that has these values. `units` resolves places.
  void Fill(std::size_t dataset, std::span<const CurrentIndex::Moment> history,
            const MeasurePlan& units, model::Row& values) const;

 private:
  struct PlannedClock {
    const model::CaseClock* declared = nullptr;
    std::optional<model::RowCondition> paused_when;
    const model::WorkingTimetable* timetable = nullptr;
    /// Of units that have one of their own.
    std::vector<
        std::pair<std::pair<model::TreeKind, model::UnitId>, const model::WorkingTimetable*>>
        of_units;
  };

  const model::WorkingTimetable& TimetableFor(const PlannedClock& clock, std::size_t dataset,
                                              const MeasurePlan& units,
                                              const model::Row& values) const;

  const center::Center* center_ = nullptr;
  std::vector<std::vector<PlannedClock>> datasets_;
  bool any_ = false;
};

}  // namespace fansipan::indicators
