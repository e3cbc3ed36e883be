#include "indicators/restated/territories.h"

#include <algorithm>

namespace fansipan::indicators {
namespace {

constexpr std::size_t kMostKept = 16;

}  // namespace

std::shared_ptr<const model::RestatedTerritory> Territories::On(model::TreeKind tree,
                                                                model::Date day,
                                                                const std::string& share) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(kept_, [&](const Kept& kept) {
    return kept.tree == tree && kept.day == day && kept.share == share;
  });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().territory;
  }
  const center::UnitHistory& history = center_->HistoryOf(tree);
  kept_.push_front({tree, day, share,
                    std::make_shared<const model::RestatedTerritory>(
                        center_->TreeOf(tree), history.lineage, history.attributes, day, share)});
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
