#include "model/units/territory_changes.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace fansipan::model {
namespace {

constexpr int kShareDecimals = 12;
using Amount = std::optional<Decimal>;

const Decimal& Whole() {
  static const Decimal kWhole = Decimal::FromInteger(1);
  return kWhole;
}

Amount Plus(const Amount& left, const Amount& right) {
  return left && right ? Add(*left, *right) : Amount();
}

Amount Minus(const Amount& left, const Amount& right) {
  return left && right ? Subtract(*left, *right) : Amount();
}

Amount Times(const Amount& left, const Amount& right) {
  if (!left || !right) return std::nullopt;
  const auto product = Multiply(left->Normalized(), right->Normalized());
  return product ? Amount(product->Normalized()) : Amount();
}

/// Divides `whole` by the weights; the last part takes what rounding left. False when they tell
/// nothing: one is missing or negative, or all are zero.
bool Divide(const Decimal& whole, const std::vector<Amount>& weights, std::vector<Amount>& parts) {
  Amount sum = Decimal();
  for (const Amount& weight : weights) {
    if (!weight || *weight < Decimal()) return false;
    sum = Plus(sum, weight);
  }
  if (!sum || sum->is_zero()) return false;
  Amount left = whole;
  parts.assign(weights.size(), std::nullopt);
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    const auto share = Divide(*weights[i], *sum, kShareDecimals);
    parts[i] = Times(share, whole);
    left = Minus(left, parts[i]);
  }
  parts.back() = left ? Amount(left->Normalized()) : Amount();
  return std::ranges::all_of(parts, [](const Amount& part) { return part.has_value(); });
}

}  // namespace

struct TerritoryChanges::Sources {
  const UnitTree& tree;
  const Lineage& lineage;
  const UnitAttributes& attributes;
  const std::string& share;
  std::map<UnitId, Lineage::Amounts> given;  ///< of one day, as stated

  Amount AttributeOf(UnitId unit, Date day, std::set<UnitId>& lacking) const {
    const UnitAttribute* known = attributes.Find(unit, share, day);
    if (known != nullptr) return known->value;
    lacking.insert(unit);
    return std::nullopt;
  }

  /// What `to` holds on the day besides what it has from `giver`, told by the attribute.
  Amount HeldFromOthers(UnitId giver, UnitId to, Date day, std::set<UnitId>& lacking) const {
    const Date before = day - std::chrono::days(1);
    Amount held = Decimal();
    if (to != giver && tree.IsValidOn(to, before) && !given.contains(to)) {
      held = Plus(held, AttributeOf(to, before, lacking));
    }
    for (const auto& [other, parts] : given) {
      const auto part = parts.find(to);
      if (other == giver || part == parts.end()) continue;
      held = Plus(held, Times(AttributeOf(other, before, lacking), part->second));
    }
    return held;
  }
};

TerritoryChanges::TerritoryChanges(const UnitTree& tree, const Lineage& lineage,
                                   const UnitAttributes& attributes, const std::string& share) {
  Sources sources{tree, lineage, attributes, share, {}};
  std::map<Date, std::map<UnitId, std::set<UnitId>>> events;  // day → giver → receivers
  for (const LineageEvent& event : lineage.events()) {
    if (HandsOn(event.kind)) events[event.day][event.from].insert(event.to);
  }
  for (const auto& [day, givers] : events) {
    sources.given.clear();
    std::set<UnitId> receivers;
    for (const auto& [giver, to] : givers) {
      sources.given[giver] = lineage.Carry({{giver, Whole()}}, day - std::chrono::days(1), day);
      receivers.insert(to.begin(), to.end());
    }
    DayTransfers forward;
    for (const auto& [giver, to] : givers) forward[giver] = Forward(sources, giver, day);
    DayTransfers backward;
    for (const UnitId to : receivers) backward[to] = Backward(sources, forward, to, day);
    days_.push_back(day);
    forward_.push_back(std::move(forward));
    backward_.push_back(std::move(backward));
  }
}

Transfers TerritoryChanges::Forward(const Sources& sources, UnitId unit, Date day) const {
  Transfers transfers;
  std::vector<std::size_t> open;
  Amount left = Whole();
  for (const auto& [holder, share] : sources.given.at(unit)) {
    if (share && share->is_zero()) continue;
    if (!share) open.push_back(transfers.parts.size());
    if (share) left = Minus(left, share);
    transfers.parts.push_back({holder, share ? Amount(share->Normalized()) : Amount()});
  }
  if (open.empty() || sources.share.empty() || !left) return transfers;
  std::vector<Amount> weights;
  for (const std::size_t i : open) {
    const UnitId to = transfers.parts[i].unit;
    weights.push_back(Minus(sources.AttributeOf(to, day, transfers.lacking),
                            sources.HeldFromOthers(unit, to, day, transfers.lacking)));
  }
  std::vector<Amount> shares;
  if (!Divide(*left, weights, shares)) return transfers;
  for (std::size_t i = 0; i < open.size(); ++i) transfers.parts[open[i]].share = shares[i];
  return transfers;
}

Transfers TerritoryChanges::Backward(const Sources& sources, const DayTransfers& forward,
                                     UnitId unit, Date day) const {
  const Date before = day - std::chrono::days(1);
  std::map<UnitId, Amount> origins;  // what `unit` has of each
  if (sources.tree.IsValidOn(unit, before) && !forward.contains(unit)) origins[unit] = Whole();
  for (const auto& [giver, transfers] : forward) {
    for (const Holding& part : transfers.parts) {
      if (part.unit == unit) origins[giver] = part.share;
    }
  }
  Transfers back;
  std::vector<Amount> weights;
  for (const auto& [origin, share] : origins) {
    back.parts.push_back({origin, std::nullopt});
    if (sources.share.empty() || origins.size() == 1) continue;
    weights.push_back(Times(sources.AttributeOf(origin, before, back.lacking), share));
  }
  if (back.parts.size() == 1) back.parts.front().share = Whole();
  std::vector<Amount> shares;
  if (weights.empty() || !Divide(Whole(), weights, shares)) return back;
  for (std::size_t i = 0; i < shares.size(); ++i) back.parts[i].share = shares[i];
  return back;
}

namespace {

/// Replaces each unit by where its transfers go, known amounts adding up to the same sum.
void Step(const std::map<UnitId, Transfers>& of_day, Lineage::Amounts& amounts,
          std::set<UnitId>& lacking) {
  Lineage::Amounts after;
  const auto add = [&](UnitId unit, const Amount& amount) {
    const auto [place, added] = after.try_emplace(unit, amount);
    if (!added) place->second = Plus(place->second, amount);
  };
  for (const auto& [unit, amount] : amounts) {
    const auto found = of_day.find(unit);
    if (found == of_day.end() || found->second.parts.empty()) {
      add(unit, amount);
      continue;
    }
    const std::vector<Holding>& parts = found->second.parts;
    lacking.insert(found->second.lacking.begin(), found->second.lacking.end());
    const bool known =
        std::ranges::all_of(parts, [](const Holding& part) { return part.share.has_value(); });
    Amount left = amount;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Amount part = Times(amount, parts[i].share);
      if (known && i + 1 == parts.size()) part = left;
      left = Minus(left, part);
      add(parts[i].unit, part);
    }
  }
  amounts = std::move(after);
}

}  // namespace

Transfers TerritoryChanges::Follow(UnitId unit, Date from, Date to) const {
  Lineage::Amounts amounts{{unit, Whole()}};
  Transfers followed;
  const auto index = [&](Date day) {
    return static_cast<std::size_t>(std::ranges::upper_bound(days_, day) - days_.begin());
  };
  for (std::size_t i = index(from); i < index(to); ++i) {
    Step(forward_[i], amounts, followed.lacking);
  }
  for (std::size_t i = index(from); i > index(to); --i) {
    Step(backward_[i - 1], amounts, followed.lacking);
  }
  for (const auto& [holder, share] : amounts) {
    if (share && share->is_zero()) continue;
    followed.parts.push_back({holder, share ? Amount(share->Normalized()) : Amount()});
  }
  if (followed.parts.size() == 1) followed.parts.front().share = Whole();
  return followed;
}

}  // namespace fansipan::model
