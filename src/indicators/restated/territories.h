#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "center/center.h"
#include "model/units/restated_territory.h"

namespace fansipan::indicators {

/// The territories that a center's figures are asked on. Making one reads the whole lineage, and
/// many answers ask for the same one: those last asked for are kept. Days between which no unit
/// begins, ends, changes or hands anything on have one territory. The center must outlive it. Safe
/// from any thread.
class Territories {
 public:
  explicit Territories(const center::Center& center) : center_(&center) {}

  /// The units of `day`, of which the territory's own day may be another one; `share` is the
  /// attribute that divides what no share is stated of.
  std::shared_ptr<const model::RestatedTerritory> On(model::TreeKind tree, model::Date day,
                                                     const std::string& share) const;
  /// True when figures as reported of the unit are of something else on `later` than they were on
  /// `earlier`: it was merged or divided, or gave or took parts.
  bool HasChanged(model::TreeKind tree, model::UnitId unit, model::Date earlier,
                  model::Date later) const;

 private:
  /// The first day from which on everything is as it is on `day`. Under the lock.
  model::Date FirstDayOf(model::TreeKind tree, model::Date day) const;

  struct Kept {
    model::TreeKind tree;
    model::Date first_day;
    std::string share;
    std::shared_ptr<const model::RestatedTerritory> territory;
  };

  const center::Center* center_;
  mutable std::mutex mutex_;                                            ///< guards what follows
  mutable std::map<model::TreeKind, std::set<model::Date>> changes_{};  ///< found out once
  mutable std::list<Kept> kept_{};                                      ///< youngest use first
};

}  // namespace fansipan::indicators
