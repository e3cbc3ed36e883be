#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "center/center.h"
#include "model/units/lineage.h"

namespace fansipan::indicators {

/// Of something, how much; nothing: nobody knows.
using PlainShare = std::optional<model::Decimal>;
PlainShare Plus(const PlainShare& left, const PlainShare& right);
PlainShare Times(const PlainShare& left, const PlainShare& right);
/// Shares by unit, none of them zero.
using PlainPlaces = std::map<model::UnitId, PlainShare>;

/// Where content lies on one day, told from the list of events and the attributes alone: slowly and
/// plainly, with nothing in common with model::RestatedTerritory but the declarations. What
/// decision 18 says of rounding is kept: shares told by an attribute have 12 decimals and the last
/// unit takes what is left. The tree and its history must outlive it. One thread.
class PlainTerritory {
 public:
  /// `share` names the attribute that divides what no share is stated of; empty: nothing does.
  PlainTerritory(const model::UnitTree& tree, const center::UnitHistory& history, model::Date day,
                 std::string share);

  /// Every unit of the day in which something lies of what was counted in `unit` on `on`.
  const PlainPlaces& SharesOf(model::UnitId unit, model::Date on);
  /// The units of `on` that `unit` is made of: each the largest that goes whole into it, or with
  /// its share.
  const PlainPlaces& PartsOf(model::UnitId unit, model::Date on);
  /// Days after `first`, up to `last`, on which a unit begins, ends, changes or hands something on.
  std::vector<model::Date> ChangesWithin(model::Date first, model::Date last) const;

 private:
  using Events = std::vector<const model::LineageEvent*>;
  /// By the unit that hands on, or is looked back from, where its content goes or came from.
  using Steps = std::map<model::UnitId, PlainPlaces>;
  struct Change {
    Steps forward;
    Steps backward;
  };

  static PlainPlaces StatedOf(model::UnitId giver, const Events& events);
  Steps Forward(model::Date day, const Steps& stated) const;
  PlainShare Brought(model::UnitId to, model::UnitId giver, model::Date day,
                     const Steps& stated) const;
  Steps Backward(model::Date day, const Events& events, const Steps& forward) const;
  PlainShare AttributeOf(model::UnitId unit, model::Date day) const;
  PlainPlaces Follow(model::UnitId unit, model::Date from) const;
  PlainPlaces Settled(const PlainPlaces& places, int depth) const;
  PlainPlaces Relatives(model::UnitId unit, int depth) const;
  PlainPlaces Within(const PlainPlaces& places) const;
  bool IsWhole(const PlainPlaces& inside, model::UnitId unit, model::Date on,
               std::map<model::UnitId, bool>& known) const;
  PlainPlaces Largest(const PlainPlaces& inside, model::Date on) const;

  const model::UnitTree& tree_;
  const model::UnitAttributes& attributes_;
  const model::Date day_;
  const std::string share_;
  std::map<model::Date, Change> changes_;
  std::set<model::Date> days_;  ///< on which anything changes
  std::map<std::pair<model::UnitId, model::Date>, PlainPlaces> shares_;
  std::map<model::Date, Steps> parts_;
};

}  // namespace fansipan::indicators
