#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "simulation/internal/case_life.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/filing_times.h"
#include "simulation/internal/office_hours.h"
#include "simulation/internal/procedures.h"

namespace fansipan::simulation::internal {

/// Days of a month on which dates are moved.
inline constexpr int kFirstMovingDay = 17;
inline constexpr int kLastMovingDay = 24;

/// A case whose due date will be moved once it has passed.
struct MovedDateCase {
  std::size_t number = 0;  ///< within its month, from 0
  base::Timestamp at;      ///< when it is filed
  PlannedMove move;
  const Procedure* procedure = nullptr;
  Dice dice{0};
};

struct MovedDateRules {
  std::uint64_t seed = 1;
  int in_a_month = 0;
  const OfficeHours& hours;
};

std::uint64_t SeedOfMovedDates(std::uint64_t seed, std::chrono::year_month month);

/// Those filed on the day: in the first days of a month. Their dates pass, are moved then, and all
/// are finished by the new ones within the month.
std::vector<MovedDateCase> MovedDatesFiledOn(LocalDay day, const MovedDateRules& rules);

}  // namespace fansipan::simulation::internal
