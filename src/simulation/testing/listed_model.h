#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "simulation/province/province_models.h"

namespace fansipan::simulation {

/// A system whose deliveries and stories are a list.
class ListedModel final : public SystemModel {
 public:
  struct Span {
    base::Timestamp from;
    base::Timestamp until;
    bool operator==(const Span&) const = default;
  };

  ListedModel(std::vector<std::string> sources, base::Duration history,
              std::vector<SystemDelivery> deliveries, std::vector<PlantedStory> stories = {})
      : sources_(std::move(sources)),
        history_(history),
        deliveries_(std::move(deliveries)),
        stories_(std::move(stories)) {}

  std::vector<std::string> sources() const override { return sources_; }
  base::Duration history() const override { return history_; }
  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    asked_.push_back({from, until});
    std::vector<SystemDelivery> found;
    std::copy_if(deliveries_.begin(), deliveries_.end(), std::back_inserter(found),
                 [&](const SystemDelivery& each) { return each.at >= from && each.at < until; });
    return found;
  }
  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> found;
    std::copy_if(stories_.begin(), stories_.end(), std::back_inserter(found),
                 [&](const PlantedStory& each) { return each.until > from && each.from < until; });
    return found;
  }

  /// For what it was asked, in order.
  const std::vector<Span>& asked() const { return asked_; }

 private:
  std::vector<std::string> sources_;
  base::Duration history_;
  std::vector<SystemDelivery> deliveries_;
  std::vector<PlantedStory> stories_;
  mutable std::vector<Span> asked_;
};

/// One row of NDJSON, sent at a moment.
inline SystemDelivery ListedDelivery(base::Timestamp at, std::string source,
                                     const std::string& value) {
  return {.at = at,
          .source = std::move(source),
          .media_type = "application/x-ndjson",
          .file_name = {},
          .body = R"({"ma":1,"giaTri":")" + value + "\"}\n",
          .rows = 1,
          .headers = {}};
}

}  // namespace fansipan::simulation
