#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/units/lineage.h"
#include "model/units/unit_attributes.h"

namespace fansipan::model {

/// Where the content of a unit goes, or comes from, on one day. Known shares add up to exactly 1.
struct Transfers {
  std::vector<Holding> parts;  ///< by unit, each with its share of the unit that is divided
  std::set<UnitId> lacking;    ///< units whose attribute would be needed to know the shares
};

/// Everything that units handed on to each other, day by day, to be followed in both directions.
/// Where no share is stated, an attribute may divide: by what each part brought to the unit that
/// it went to. Built whole, then immutable; safe from any thread.
class TerritoryChanges {
 public:
  /// `share` names the attribute; empty: shares that are not stated stay unknown. Attribute-based
  /// shares are rounded at 12 decimals, and the last unit takes what rounding left.
  TerritoryChanges(const UnitTree& tree, const Lineage& lineage, const UnitAttributes& attributes,
                   const std::string& share);

  /// The days, the first ones of the new state, in order.
  const std::vector<Date>& days() const { return days_; }
  /// Where the content of `unit`, as it lay on `from`, lies on `to`. Units that ended without
  /// handing on, or were not founded yet, stand for themselves.
  Transfers Follow(UnitId unit, Date from, Date to) const;

 private:
  using DayTransfers = std::map<UnitId, Transfers>;

  struct Sources;
  Transfers Forward(const Sources& sources, UnitId unit, Date day) const;
  Transfers Backward(const Sources& sources, const DayTransfers& forward, UnitId unit,
                     Date day) const;

  std::vector<Date> days_;
  std::vector<DayTransfers> forward_;   ///< by day: of units that handed on
  std::vector<DayTransfers> backward_;  ///< by day: of units that received from several
};

}  // namespace fansipan::model
