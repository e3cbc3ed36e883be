#include "model/units/unit_validity.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fansipan::model {
namespace {

class FaultFinder {
 public:
  explicit FaultFinder(const std::vector<Unit>& units) : units_(units) {}

  std::vector<UnitFault> Find() && {
    for (std::uint32_t i = 0; i < units_.size(); ++i) CheckOrder({i});
    if (!faults_.empty()) return std::move(faults_);
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      for (std::size_t state = 0; state < units_[i].states.size(); ++state) {
        CheckParent({i}, state);
      }
    }
    return std::move(faults_);
  }

 private:
  const Unit& Get(UnitId id) const { return units_[id.value]; }

  void Add(std::string reason, UnitId unit, std::size_t state, std::string message) {
    faults_.push_back({std::move(reason), unit, state, std::move(message)});
  }

  void CheckOrder(UnitId id) {
    const Unit& unit = Get(id);
    if (unit.states.empty() || unit.states.front().valid_from != unit.valid_from) {
      Add("gap_between_states", id, 0, "no state says what it is on its first day");
    }
    for (std::size_t i = 1; i < unit.states.size(); ++i) {
      if (unit.states[i - 1].valid_from < unit.states[i].valid_from) continue;
      Add("two_states", id, i, "two states begin on one day; a unit has one state on a day");
    }
  }

  void CheckParent(UnitId id, std::size_t index) {
    const Unit& unit = Get(id);
    const UnitState& state = unit.states[index];
    if (state.parent == kNoUnit) return;
    if (state.parent.value >= units_.size()) {
      Add("unknown_parent", id, index, "it names a parent that is not among the units");
      return;
    }
    const Unit& parent = Get(state.parent);
    const std::optional<Date> end = EndOf(unit, index);
    if (state.valid_from < parent.valid_from) {
      Add("outside_parent", id, index,
          "it lies below '" + parent.code + "' from " + ToText(Value(state.valid_from)) +
              " on, but that unit begins on " + ToText(Value(parent.valid_from)));
    } else if (parent.valid_to && (!end || *end > *parent.valid_to)) {
      Add("outside_parent", id, index,
          "it still lies below '" + parent.code + "' when that unit ends on " +
              ToText(Value(*parent.valid_to)) + "; end it too, or give it another parent");
    } else if (IsBelowItself(id, state.valid_from)) {
      Add("cycle", id, index,
          "on " + ToText(Value(state.valid_from)) + " it lies below itself; follow the parents");
    }
  }

  // A circle begins on the first day of one of its states, so these days are enough.
  bool IsBelowItself(UnitId id, Date day) const {
    UnitId above = ParentOn(id, day);
    for (std::size_t steps = 0; above != kNoUnit && steps <= units_.size(); ++steps) {
      if (above == id) return true;
      above = ParentOn(above, day);
    }
    return false;
  }

  UnitId ParentOn(UnitId id, Date day) const {
    if (id.value >= units_.size()) return kNoUnit;
    const Unit& unit = Get(id);
    if (day < unit.valid_from || (unit.valid_to && day >= *unit.valid_to)) return kNoUnit;
    const auto later = std::ranges::upper_bound(unit.states, day, {}, &UnitState::valid_from);
    return later == unit.states.begin() ? kNoUnit : std::prev(later)->parent;
  }

  const std::vector<Unit>& units_;
  std::vector<UnitFault> faults_;
};

}  // namespace

std::optional<Date> EndOf(const Unit& unit, std::size_t state) {
  return state + 1 < unit.states.size() ? unit.states[state + 1].valid_from : unit.valid_to;
}

std::vector<UnitFault> FindUnitFaults(const std::vector<Unit>& units) {
  return FaultFinder(units).Find();
}

}  // namespace fansipan::model
