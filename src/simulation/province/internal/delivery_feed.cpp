#include "simulation/province/internal/delivery_feed.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fansipan::simulation::internal {

DeliveryFeed::DeliveryFeed(const ProvinceModels& models, base::Timestamp now,
                           std::optional<base::Duration> most_history)
    : begin_(now) {
  for (const auto& [system, model] : models) {
    const base::Duration history =
        most_history ? std::min(model->history(), *most_history) : model->history();
    lanes_.push_back({model.get(), now - history, {}});
    begin_ = std::min(begin_, now - history);
  }
}

std::vector<SystemDelivery> DeliveryFeed::Take(base::Timestamp until, base::Duration ahead) {
  std::vector<SystemDelivery> taken;
  for (Lane& lane : lanes_) {
    if (lane.asked_until < until) {
      auto more = lane.model->DeliveriesBetween(lane.asked_until, until + ahead);
      std::move(more.begin(), more.end(), std::back_inserter(lane.waiting));
      lane.asked_until = until + ahead;
    }
    while (!lane.waiting.empty() && lane.waiting.front().at < until) {
      taken.push_back(std::move(lane.waiting.front()));
      lane.waiting.pop_front();
    }
  }
  std::stable_sort(
      taken.begin(), taken.end(),
      [](const SystemDelivery& left, const SystemDelivery& right) { return left.at < right.at; });
  return taken;
}

}  // namespace fansipan::simulation::internal
