#include "model/units/restated_territory.h"

#include <algorithm>
#include <functional>

namespace fansipan::model {
namespace {

const Decimal& Whole() {
  static const Decimal kWhole = Decimal::FromInteger(1);
  return kWhole;
}

constexpr std::chrono::days kDay{1};

}  // namespace

RestatedTerritory::RestatedTerritory(const UnitTree& tree, const Lineage& lineage,
                                     const UnitAttributes& attributes, Date day,
                                     const std::string& share)
    : tree_(&tree), day_(day), changes_(tree, lineage, attributes, share) {
  std::set<Date> days(changes_.days().begin(), changes_.days().end());
  for (std::uint32_t i = 0; i < tree.size(); ++i) {
    const Unit& unit = tree.Get({i});
    for (const UnitState& state : unit.states) days.insert(state.valid_from);
    if (unit.valid_to) days.insert(*unit.valid_to);
    paths_.push_back(tree.PathOn({i}, day));
  }
  eras_.assign(days.begin(), days.end());
}

RestatedTerritory::Era RestatedTerritory::EraOf(Date day) const {
  return static_cast<Era>(std::ranges::upper_bound(eras_, day) - eras_.begin());
}

std::vector<UnitId> RestatedTerritory::ChildrenOf(UnitId unit) const {
  if (tree_->IsValidOn(unit, day_) || unit != tree_->root()) return tree_->ChildrenOn(unit, day_);
  std::vector<UnitId> tops;
  for (const UnitId id : tree_->UnitsOn(day_)) {
    if (paths_[id.value].size() == 1) tops.push_back(id);
  }
  return tops;
}

/// Who holds the content of a unit that ended, or begins, without a word of where it went or came
/// from: who holds that of the units that lay below it, or else of the one above it.
std::set<UnitId> RestatedTerritory::HoldersOf(UnitId ended, std::set<UnitId>& visiting) const {
  std::set<UnitId> holders;
  if (!visiting.insert(ended).second) return holders;
  const Date on = tree_->NearestDayOf(ended, day_);
  std::vector<UnitId> others;
  if (on < day_) others = tree_->ChildrenOn(ended, on);
  const UnitState* state = tree_->FindStateOn(ended, on);
  if (others.empty() && state != nullptr && state->parent != kNoUnit) others = {state->parent};
  for (const UnitId other : others) {
    const Transfers places = Settle(changes_.Follow(other, on, day_), visiting);
    for (const Holding& place : places.parts) holders.insert(place.unit);
  }
  visiting.erase(ended);
  return holders;
}

Transfers RestatedTerritory::Settle(const Transfers& followed, std::set<UnitId>& visiting) const {
  std::map<UnitId, std::optional<Decimal>> amounts;
  const auto add = [&](UnitId unit, const std::optional<Decimal>& amount) {
    const auto [place, added] = amounts.try_emplace(unit, amount);
    if (added) return;
    place->second = place->second && amount ? Add(*place->second, *amount) : std::nullopt;
  };
  for (const Holding& part : followed.parts) {
    std::set<UnitId> holders;
    if (!tree_->IsValidOn(part.unit, day_)) holders = HoldersOf(part.unit, visiting);
    if (holders.empty()) holders.insert(part.unit);
    for (const UnitId holder : holders) {
      add(holder, holders.size() == 1 ? part.share : std::nullopt);
    }
  }
  Transfers settled{{}, followed.lacking};
  for (const auto& [unit, share] : amounts) settled.parts.push_back({unit, share});
  if (settled.parts.size() == 1) settled.parts.front().share = Whole();
  return settled;
}

Transfers RestatedTerritory::PlacesOf(UnitId unit, Date on) const {
  std::set<UnitId> visiting;
  return Settle(changes_.Follow(unit, tree_->NearestDayOf(unit, on), day_), visiting);
}

const std::vector<Transfers>& RestatedTerritory::PlacesIn(Era era) const {
  std::vector<Transfers>& places = places_[era];
  if (!places.empty()) return places;
  const Date on = era == 0 ? (eras_.empty() ? day_ : eras_.front() - kDay) : eras_[era - 1];
  places.reserve(tree_->size());
  for (std::uint32_t i = 0; i < tree_->size(); ++i) places.push_back(PlacesOf({i}, on));
  return places;
}

bool RestatedTerritory::LiesIn(UnitId holder, UnitId unit) const {
  return unit == tree_->root() || std::ranges::count(paths_[holder.value], unit) > 0;
}

RestatedTerritory::Inside RestatedTerritory::InsideOf(const Transfers& places, UnitId unit) const {
  std::optional<Decimal> inside = Decimal();
  std::optional<Decimal> outside = Decimal();
  bool any_inside = false;
  bool any_outside = false;
  for (const Holding& place : places.parts) {
    const bool lies_in = LiesIn(place.unit, unit);
    (lies_in ? any_inside : any_outside) = true;
    std::optional<Decimal>& sum = lies_in ? inside : outside;
    sum = sum && place.share ? Add(*sum, *place.share) : std::nullopt;
  }
  if (!any_outside) return {Whole(), {}};
  if (!any_inside) return {Decimal(), {}};
  if (inside) return {inside->Normalized(), {}};
  if (outside) {
    const auto rest = Subtract(Whole(), *outside);
    if (rest) return {rest->Normalized(), {}};
  }
  return {std::nullopt, places.lacking};
}

/// Along the tree in which cells are added up: the units that count whole, as high as may be.
void RestatedTerritory::Read(const std::vector<Inside>& inside, RestatedContent& content) const {
  std::vector<Extent> extents(tree_->size(), Extent::kMixed);
  const auto own_extent = [&](UnitId unit) {
    const std::optional<Decimal>& share = inside[unit.value].share;
    if (!share) return Extent::kMixed;
    if (share->is_zero()) return Extent::kNone;
    return *share == Whole() ? Extent::kWhole : Extent::kMixed;
  };
  const std::function<Extent(UnitId)> measure = [&](UnitId unit) {
    Extent extent = own_extent(unit);
    for (const UnitId child : tree_->ChildrenOf(unit)) {
      if (measure(child) != extent) extent = Extent::kMixed;
    }
    return extents[unit.value] = extent;
  };
  const std::function<void(UnitId)> read = [&](UnitId unit) {
    const Extent extent = extents[unit.value];
    if (extent == Extent::kNone) return;
    const bool alone = tree_->ChildrenOf(unit).empty();
    const Inside& own = inside[unit.value];
    if (extent == Extent::kWhole || alone) {
      content.readings.push_back({unit, false, own.share, own.lacking});
      return;
    }
    if (own_extent(unit) != Extent::kNone) {
      content.readings.push_back({unit, true, own.share, own.lacking});
    }
    for (const UnitId child : tree_->ChildrenOf(unit)) read(child);
  };
  if (tree_->empty()) return;
  measure(tree_->root());
  read(tree_->root());
}

/// Along the tree of the day on which things were counted.
void RestatedTerritory::Cover(const std::vector<Inside>& inside, Date on, UnitId unit,
                              RestatedContent& content) const {
  const auto is_whole = [&](UnitId id) { return inside[id.value].share == Whole(); };
  const auto is_none = [&](UnitId id) {
    return inside[id.value].share && inside[id.value].share->is_zero();
  };
  const std::function<bool(UnitId, bool)> all = [&](UnitId id, bool whole) {
    if (whole ? !is_whole(id) : !is_none(id)) return false;
    return std::ranges::all_of(tree_->ChildrenOn(id, on),
                               [&](UnitId child) { return all(child, whole); });
  };
  const std::function<void(UnitId)> add = [&](UnitId id) {
    if (all(id, false)) return;
    const std::vector<UnitId> children = tree_->ChildrenOn(id, on);
    if (children.empty() || all(id, true)) {
      content.units.push_back({id, inside[id.value].share});
      return;
    }
    for (const UnitId child : children) add(child);
  };
  for (const UnitId id : tree_->UnitsOn(on)) {
    const UnitState* state = tree_->FindStateOn(id, on);
    if (state != nullptr && state->parent == kNoUnit) add(id);
  }
  std::ranges::sort(content.units, {}, &Holding::unit);
  content.unchanged = content.units == std::vector<Holding>{{unit, Whole()}};
}

RestatedContent RestatedTerritory::Make(UnitId unit, Era era) const {
  std::vector<Inside> inside;
  inside.reserve(tree_->size());
  for (const Transfers& places : PlacesIn(era)) inside.push_back(InsideOf(places, unit));
  RestatedContent content;
  Read(inside, content);
  const Date on = era == 0 ? (eras_.empty() ? day_ : eras_.front() - kDay) : eras_[era - 1];
  Cover(inside, on, unit, content);
  return content;
}

const RestatedContent& RestatedTerritory::ContentOf(UnitId unit, Date on) const {
  const Era era = EraOf(on);
  const std::lock_guard lock(mutex_);
  std::unique_ptr<const RestatedContent>& content = contents_[{unit, era}];
  if (!content) content = std::make_unique<const RestatedContent>(Make(unit, era));
  return *content;
}

std::vector<RestatedTerritory::Piece> RestatedTerritory::PiecesOf(UnitId unit, Date from,
                                                                  Date to) const {
  std::vector<Piece> pieces;
  for (Date begin = from; begin < to;) {
    const Era era = EraOf(begin);
    const Date end = era < eras_.size() ? std::min(eras_[era], to) : to;
    const RestatedContent& content = ContentOf(unit, begin);
    const bool same = !pieces.empty() && pieces.back().content->readings == content.readings &&
                      pieces.back().content->units == content.units;
    if (same) {
      pieces.back().to = end;
    } else {
      pieces.push_back({begin, end, &content});
    }
    begin = end;
  }
  return pieces;
}

}  // namespace fansipan::model
