#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/unit.h"

namespace fansipan::model {

/// What is wrong with the days of one state of a unit.
struct UnitFault {
  std::string reason;  ///< two_states, gap_between_states, unknown_parent, outside_parent, cycle
  UnitId unit;
  std::size_t state = 0;  ///< index into the unit's states
  std::string message;    ///< without the unit's name
};

/// The first day on which the state no longer holds; nothing when it has no end.
std::optional<Date> EndOf(const Unit& unit, std::size_t state);

/// Everything wrong with the days of units and parents, by unit and state. Each unit has states; a
/// state begins on the unit's first day or where the one before it ends, lies within the days of
/// its parent, and no unit lies below itself on any day.
std::vector<UnitFault> FindUnitFaults(const std::vector<Unit>& units);

}  // namespace fansipan::model
