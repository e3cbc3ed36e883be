#include "simulation/province/internal/delivery_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hash.h"

namespace fansipan::simulation::internal {
namespace {

constexpr std::string_view kOtherName = "_moi";  // what a drifted column is called behind its name

base::Error CannotDrift(const SystemDelivery& delivery) {
  return {base::ErrorCode::kInvalidArgument, "wrong_option",
          fmt::format("--fault drifted: source '{}' sends {}; only NDJSON and CSV have names of "
                      "columns that can be changed",
                      delivery.source, delivery.media_type)};
}

base::Result<std::string> DriftedNdjson(const SystemDelivery& delivery) {
  std::string drifted;
  std::string_view rest = delivery.body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    auto row = nlohmann::ordered_json::parse(rest.substr(0, end), nullptr, false);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!row.is_object() || row.empty()) return CannotDrift(delivery);
    const auto last = std::prev(row.end());
    const std::string name = last.key() + std::string(kOtherName);
    auto value = std::move(last.value());
    row.erase(last);
    row[name] = std::move(value);
    drifted += row.dump() + "\n";
  }
  return drifted;
}

/// The header is the first line with a delimiter: lines above it are titles.
base::Result<std::string> DriftedCsv(const SystemDelivery& delivery) {
  const std::size_t delimiter = delivery.body.find_first_of(",;\t");
  if (delimiter == std::string::npos) return CannotDrift(delivery);
  std::size_t end = std::min(delivery.body.find_first_of("\r\n", delimiter), delivery.body.size());
  if (delivery.body[end - 1] == '"') --end;
  std::string drifted = delivery.body;
  drifted.insert(end, kOtherName);
  return drifted;
}

}  // namespace

base::Result<std::string> DriftedBody(const SystemDelivery& delivery) {
  const std::string_view type =
      std::string_view(delivery.media_type).substr(0, delivery.media_type.find(';'));
  if (type == "application/x-ndjson") return DriftedNdjson(delivery);
  if (type == "text/csv") return DriftedCsv(delivery);
  return CannotDrift(delivery);
}

DeliveryPlan::DeliveryPlan(PlanOptions options) : options_(std::move(options)) {}

base::Status DeliveryPlan::Add(SystemDelivery delivery) {
  const FaultRates& faults = FaultsOf(delivery.source);
  const base::Fingerprint was = base::FingerprintOf(delivery.source + "\n" + delivery.body);
  Dice dice(MixSeeds(options_.seed, was.low));
  ReleaseHeld(delivery.source, delivery.at);
  const bool is_lost = dice.Chance(faults.Of(Fault::kSilent));
  silent_[delivery.source] = is_lost;
  if (is_lost) return {};
  if (dice.Chance(faults.Of(Fault::kDrifted))) {
    FANSIPAN_ASSIGN_OR_RETURN(delivery.body, DriftedBody(delivery));
  }
  if (dice.Chance(faults.Of(Fault::kTruncated))) {
    const double kept = dice.Spread(0.3, 0.95) * static_cast<double>(delivery.body.size());
    delivery.body.resize(static_cast<std::size_t>(kept));
  }
  const base::Fingerprint sent = base::FingerprintOf(delivery.source + "\n" + delivery.body);
  Enqueue(faults, dice,
          {std::move(delivery), fmt::format("simulated-{:016x}{:016x}", sent.high, sent.low)});
  return {};
}

void DeliveryPlan::Enqueue(const FaultRates& faults, Dice& dice, PlannedDelivery planned) {
  const std::string source = planned.delivery.source;
  const bool is_again = dice.Chance(faults.Of(Fault::kDuplicated));
  const bool is_held = dice.Chance(faults.Of(Fault::kReordered));
  if (dice.Chance(faults.Of(Fault::kLate))) planned.delivery.at += options_.late_for;
  const base::Timestamp at = planned.delivery.at;
  if (is_again) {
    PlannedDelivery again = planned;
    again.key += "-again";
    queue_.emplace(at, std::move(planned));
    queue_.emplace(at, std::move(again));
  } else if (is_held) {
    held_[source] = queue_.emplace(at + options_.late_for, std::move(planned));
  } else {
    queue_.emplace(at, std::move(planned));
  }
}

void DeliveryPlan::ReleaseHeld(const std::string& source, base::Timestamp at) {
  const auto held = held_.find(source);
  if (held == held_.end()) return;
  // A moment later, so that the next one overtakes it.
  const base::Timestamp released = std::min(held->second->first, at + base::Duration(1));
  auto node = queue_.extract(held->second);
  node.key() = released;
  queue_.insert(std::move(node));
  held_.erase(held);
}

std::vector<PlannedDelivery> DeliveryPlan::Take(base::Timestamp until) {
  std::vector<PlannedDelivery> taken;
  while (!queue_.empty() && queue_.begin()->first < until) {
    const auto first = queue_.begin();
    std::erase_if(held_, [&](const auto& entry) { return entry.second == first; });
    taken.push_back(std::move(first->second));
    queue_.erase(first);
  }
  return taken;
}

bool DeliveryPlan::IsSilent(const std::string& source) const {
  if (FaultsOf(source).Of(Fault::kSilent) >= 1) return true;
  const auto found = silent_.find(source);
  return found != silent_.end() && found->second;
}

const FaultRates& DeliveryPlan::FaultsOf(const std::string& source) const {
  static const FaultRates kNone;
  for (const std::string& name : {source, std::string()}) {
    const auto found = options_.faults.find(name);
    if (found != options_.faults.end()) return found->second;
  }
  return kNone;
}

}  // namespace fansipan::simulation::internal
