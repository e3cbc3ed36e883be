#include "indicators/plain/plain_territory.h"

#include <algorithm>
#include <chrono>

namespace fansipan::indicators {
namespace {

using model::Date;
using model::Decimal;
using model::UnitId;

constexpr std::chrono::days kDay{1};
constexpr int kShareDecimals = 12;
constexpr int kDeepest = 8;

PlainShare Whole() { return Decimal::FromInteger(1); }

PlainShare Minus(const PlainShare& left, const PlainShare& right) {
  return left && right ? Subtract(*left, *right) : PlainShare();
}

void AddPlace(PlainPlaces& places, UnitId unit, const PlainShare& share) {
  const auto [place, added] = places.try_emplace(unit, share);
  if (!added) place->second = Plus(place->second, share);
}

void DropNothing(PlainPlaces& places) {
  std::erase_if(places, [](const auto& place) { return place.second && place.second->is_zero(); });
}

/// Sets shares of `whole` in proportion to amounts. They stay as they are where the amounts tell
/// nothing: one is not known or negative, or all are zero.
void Apportion(const PlainShare& whole, const PlainPlaces& amounts, PlainPlaces& shares) {
  PlainShare sum = Decimal();
  for (const auto& [unit, amount] : amounts) {
    if (!amount || *amount < Decimal()) return;
    sum = Plus(sum, amount);
  }
  if (!whole || !sum || sum->is_zero()) return;
  PlainShare left = whole;
  std::size_t to_come = amounts.size();
  for (const auto& [unit, amount] : amounts) {
    PlainShare part = left;
    if (--to_come > 0) part = Times(Divide(*amount, *sum, kShareDecimals), whole);
    left = Minus(left, part);
    shares[unit] = part;
  }
}

/// Hands on what lies in each unit; where all shares are known, nothing is lost by rounding.
PlainPlaces Step(const PlainPlaces& before, const std::map<UnitId, PlainPlaces>& steps) {
  PlainPlaces after;
  for (const auto& [unit, share] : before) {
    const auto step = steps.find(unit);
    if (step == steps.end() || step->second.empty()) {
      AddPlace(after, unit, share);
      continue;
    }
    const PlainPlaces& parts = step->second;
    const bool all_known =
        std::ranges::all_of(parts, [](const auto& part) { return part.second.has_value(); });
    PlainShare left = share;
    std::size_t to_come = parts.size();
    for (const auto& [to, part] : parts) {
      const bool takes_the_rest = --to_come == 0 && all_known;
      const PlainShare moved = takes_the_rest ? left : Times(share, part);
      left = Minus(left, moved);
      AddPlace(after, to, moved);
    }
  }
  return after;
}

}  // namespace

PlainShare Plus(const PlainShare& left, const PlainShare& right) {
  return left && right ? Add(*left, *right) : PlainShare();
}

PlainShare Times(const PlainShare& left, const PlainShare& right) {
  if (!left || !right) return std::nullopt;
  const auto product = Multiply(left->Normalized(), right->Normalized());
  return product ? PlainShare(product->Normalized()) : PlainShare();
}

PlainTerritory::PlainTerritory(const model::UnitTree& tree, const center::UnitHistory& history,
                               Date day, std::string share)
    : tree_(tree), attributes_(history.attributes), day_(day), share_(std::move(share)) {
  std::map<Date, Events> by_day;
  for (const model::LineageEvent& event : history.lineage.events()) {
    if (model::HandsOn(event.kind)) by_day[event.day].push_back(&event);
  }
  for (const auto& [on, events] : by_day) {
    std::map<UnitId, Events> by_giver;
    for (const auto* event : events) by_giver[event->from].push_back(event);
    Steps stated;
    for (const auto& [giver, given] : by_giver) stated[giver] = StatedOf(giver, given);
    Change& change = changes_[on];
    change.forward = Forward(on, stated);
    change.backward = Backward(on, events, change.forward);
    days_.insert(on);
  }
  for (std::uint32_t i = 0; i < tree.size(); ++i) {
    const model::Unit& unit = tree.Get({i});
    for (const model::UnitState& state : unit.states) days_.insert(state.valid_from);
    if (unit.valid_to) days_.insert(*unit.valid_to);
  }
}

std::vector<Date> PlainTerritory::ChangesWithin(Date first, Date last) const {
  return {days_.upper_bound(first), days_.upper_bound(last)};
}

/// What is stated of a unit's parts, the unit itself among them when it goes on.
PlainPlaces PlainTerritory::StatedOf(UnitId giver, const Events& events) {
  PlainShare left = Whole();
  int unstated = 0;
  bool ends = false;
  for (const auto* event : events) {
    ends |= event->kind != model::LineageKind::kPart;
    if (event->kind == model::LineageKind::kMerge) continue;
    if (event->share) left = Minus(left, event->share);
    if (!event->share) ++unstated;
  }
  PlainPlaces parts;
  for (const auto* event : events) {
    PlainShare part = event->share;
    if (event->kind == model::LineageKind::kMerge) part = Whole();
    if (!part && ends && unstated == 1) part = left;
    AddPlace(parts, event->to, part);
  }
  if (!ends) AddPlace(parts, giver, unstated > 0 ? PlainShare() : left);
  DropNothing(parts);
  return parts;
}

PlainShare PlainTerritory::AttributeOf(UnitId unit, Date day) const {
  const model::UnitAttribute* known = attributes_.Find(unit, share_, day);
  return known == nullptr ? PlainShare() : PlainShare(known->value);
}

/// What a part brought to the unit that it went to: what that has now, less what it had, and less
/// what it has from others.
PlainShare PlainTerritory::Brought(UnitId to, UnitId giver, Date day, const Steps& stated) const {
  const Date before = day - kDay;
  PlainShare brought = AttributeOf(to, day);
  const bool kept_its_own = to != giver && !stated.contains(to) && tree_.IsValidOn(to, before);
  if (kept_its_own) brought = Minus(brought, AttributeOf(to, before));
  for (const auto& [other, parts] : stated) {
    const auto part = parts.find(to);
    if (other == giver || part == parts.end()) continue;
    brought = Minus(brought, Times(AttributeOf(other, before), part->second));
  }
  return brought;
}

PlainTerritory::Steps PlainTerritory::Forward(Date day, const Steps& stated) const {
  Steps forward = stated;
  if (share_.empty()) return forward;
  for (auto& [giver, parts] : forward) {
    PlainShare left = Whole();
    PlainPlaces brought;
    for (const auto& [to, share] : parts) {
      if (share) left = Minus(left, share);
      if (!share) brought[to] = Brought(to, giver, day, stated);
    }
    if (!brought.empty()) Apportion(left, brought, parts);
  }
  return forward;
}

PlainTerritory::Steps PlainTerritory::Backward(Date day, const Events& events,
                                               const Steps& forward) const {
  const Date before = day - kDay;
  Steps backward;
  for (const auto* event : events) {
    if (backward.contains(event->to)) continue;
    PlainPlaces& origins = backward[event->to];
    PlainPlaces had;
    for (const auto& [giver, parts] : forward) {
      const auto part = parts.find(event->to);
      if (part != parts.end()) had[giver] = Times(AttributeOf(giver, before), part->second);
    }
    const bool stayed = !forward.contains(event->to) && tree_.IsValidOn(event->to, before);
    if (stayed) had[event->to] = AttributeOf(event->to, before);
    for (const auto& [origin, amount] : had) origins[origin] = PlainShare();
    if (origins.size() == 1) origins.begin()->second = Whole();
    if (origins.size() > 1 && !share_.empty()) Apportion(Whole(), had, origins);
  }
  return backward;
}

PlainPlaces PlainTerritory::Follow(UnitId unit, Date from) const {
  PlainPlaces places{{unit, Whole()}};
  for (const auto& [day, change] : changes_) {
    if (day > from && day <= day_) places = Step(places, change.forward);
  }
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    if (change->first <= from && change->first > day_) {
      places = Step(places, change->second.backward);
    }
  }
  DropNothing(places);
  return places;
}

/// A unit that is not there on the day: its content is where the units below it went, or else the
/// unit above it.
PlainPlaces PlainTerritory::Settled(const PlainPlaces& places, int depth) const {
  PlainPlaces settled;
  for (const auto& [unit, share] : places) {
    PlainPlaces others;
    if (!tree_.IsValidOn(unit, day_) && depth < kDeepest) others = Relatives(unit, depth);
    if (others.empty()) AddPlace(settled, unit, share);
    for (const auto& [other, ignored] : others) {
      AddPlace(settled, other, others.size() == 1 ? share : PlainShare());
    }
  }
  return settled;
}

PlainPlaces PlainTerritory::Relatives(UnitId unit, int depth) const {
  const Date on = tree_.NearestDayOf(unit, day_);
  std::vector<UnitId> relatives;
  if (on < day_) relatives = tree_.ChildrenOn(unit, on);
  const model::UnitState* state = tree_.FindStateOn(unit, on);
  if (relatives.empty() && state != nullptr && state->parent != model::kNoUnit) {
    relatives = {state->parent};
  }
  PlainPlaces found;
  for (const UnitId relative : relatives) {
    for (const auto& [place, share] : Settled(Follow(relative, on), depth + 1)) {
      found.emplace(place, PlainShare());
    }
  }
  return found;
}

PlainPlaces PlainTerritory::Within(const PlainPlaces& places) const {
  std::set<UnitId> above{tree_.root()};
  for (const auto& [place, share] : places) {
    for (const UnitId unit : tree_.PathOn(place, day_)) above.insert(unit);
  }
  PlainPlaces within;
  for (const UnitId unit : above) {
    PlainShare inside = Decimal();
    PlainShare outside = Decimal();
    bool all = true;
    for (const auto& [place, share] : places) {
      const auto path = tree_.PathOn(place, day_);
      const bool lies_in = unit == tree_.root() || std::ranges::count(path, unit) > 0;
      all &= lies_in;
      PlainShare& sum = lies_in ? inside : outside;
      sum = Plus(sum, share);
    }
    if (all) inside = Whole();
    if (!inside && outside) inside = Minus(Whole(), outside);
    within[unit] = inside;
  }
  DropNothing(within);
  return within;
}

const PlainPlaces& PlainTerritory::SharesOf(UnitId unit, Date on) {
  const Date own = tree_.NearestDayOf(unit, on);
  const auto [known, added] = shares_.try_emplace({unit, own});
  if (added) known->second = Within(Settled(Follow(unit, own), 0));
  return known->second;
}

/// Whether a unit lies whole in one, with all that lies below it.
bool PlainTerritory::IsWhole(const PlainPlaces& inside, UnitId unit, Date on,
                             std::map<UnitId, bool>& known) const {
  const auto before = known.find(unit);
  if (before != known.end()) return before->second;
  const auto share = inside.find(unit);
  bool whole = share != inside.end() && share->second == Whole();
  for (const UnitId child : tree_.ChildrenOn(unit, on)) {
    whole = whole && IsWhole(inside, child, on, known);
  }
  return known[unit] = whole;
}

/// Of the units that lie in one, with their shares, those that no whole one has above it.
PlainPlaces PlainTerritory::Largest(const PlainPlaces& inside, Date on) const {
  std::map<UnitId, bool> whole;
  PlainPlaces largest;
  for (const auto& [unit, share] : inside) {
    const bool is_part = tree_.ChildrenOn(unit, on).empty() || IsWhole(inside, unit, on, whole);
    auto path = tree_.PathOn(unit, on);
    std::erase(path, unit);
    const bool covered =
        std::ranges::any_of(path, [&](UnitId above) { return IsWhole(inside, above, on, whole); });
    if (is_part && !covered) largest[unit] = share;
  }
  return largest;
}

const PlainPlaces& PlainTerritory::PartsOf(UnitId unit, Date on) {
  const auto [known, added] = parts_.try_emplace(on);
  if (added) {
    Steps inside;  // by the unit of the day, what of `on` lies in it
    for (const UnitId part : tree_.UnitsOn(on)) {
      for (const auto& [place, share] : SharesOf(part, on)) inside[place][part] = share;
    }
    for (const auto& [place, parts] : inside) known->second[place] = Largest(parts, on);
  }
  return known->second[unit];
}

}  // namespace fansipan::indicators
