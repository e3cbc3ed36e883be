#include "indicators/restated/territories.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace fansipan::indicators {
namespace {

constexpr std::size_t kMostKept = 16;

}  // namespace

model::Date Territories::FirstDayOf(model::TreeKind tree, model::Date day) const {
  const auto [known, added] = changes_.try_emplace(tree);
  std::set<model::Date>& changes = known->second;
  if (added) {
    const model::UnitTree& units = center_->TreeOf(tree);
    for (std::uint32_t i = 0; i < units.size(); ++i) {
      const model::Unit& unit = units.Get({i});
      for (const model::UnitState& state : unit.states) changes.insert(state.valid_from);
      if (unit.valid_to) changes.insert(*unit.valid_to);
    }
    for (const auto& event : center_->HistoryOf(tree).lineage.events()) changes.insert(event.day);
  }
  const auto after = changes.upper_bound(day);
  if (after != changes.begin()) return *std::prev(after);
  return changes.empty() ? day : *changes.begin() - std::chrono::days(1);
}

std::shared_ptr<const model::RestatedTerritory> Territories::On(model::TreeKind tree,
                                                                model::Date day,
                                                                const std::string& share) const {
  const std::lock_guard lock(mutex_);
  const model::Date first_day = FirstDayOf(tree, day);
  const auto found = std::ranges::find_if(kept_, [&](const Kept& kept) {
    return kept.tree == tree && kept.first_day == first_day && kept.share == share;
  });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().territory;
  }
  const center::UnitHistory& history = center_->HistoryOf(tree);
  kept_.push_front(
      {tree, first_day, share,
       std::make_shared<const model::RestatedTerritory>(center_->TreeOf(tree), history.lineage,
                                                        history.attributes, first_day, share)});
  if (kept_.size() > kMostKept) kept_.pop_back();
  return kept_.front().territory;
}

bool Territories::HasChanged(model::TreeKind tree, model::UnitId unit, model::Date earlier,
                             model::Date later) const {
  const auto& events = center_->HistoryOf(tree).lineage.events();
  const auto after = std::ranges::upper_bound(events, earlier, {}, &model::LineageEvent::day);
  if (after == events.end() || after->day > later) return false;
  const auto territory = On(tree, later, "");
  const auto& readings = territory->ContentOf(unit, earlier).readings;
  const model::RestatedReading itself{unit, false, model::Decimal::FromInteger(1), {}};
  return readings != std::vector{itself};
}

}  // namespace fansipan::indicators
