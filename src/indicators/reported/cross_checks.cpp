#include "indicators/reported/cross_checks.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "indicators/figures.h"
#include "model/days.h"

namespace fansipan::indicators {
namespace {

using model::CrossCheck;

model::FigureKey KeyOf(const std::string& indicator, const model::FigureKey& at,
                       model::UnitId unit) {
  return {indicator, at.tree, unit, at.period};
}

/// The group of the check's grouping that the unit stands for.
const model::UnitGroup* FindGroupOf(const View& view, const CrossCheck& check,
                                    const model::FigureKey& at) {
  for (const model::UnitGroup& group : view.center->HistoryOf(at.tree).groupings.groups()) {
    if (group.grouping == check.grouping && group.unit == at.unit) return &group;
  }
  return nullptr;
}

/// Those that are there on the period's last day, and those below the unit at another time, of
/// which a value may be stated all the same.
struct Parts {
  std::vector<model::UnitId> expected;
  std::vector<model::UnitId> others;
};

Parts PartsOf(const View& view, const CrossCheck& check, const model::FigureKey& at) {
  Parts parts;
  const model::UnitTree& tree = view.center->TreeOf(at.tree);
  const model::Date day = model::LastDayOf(at.period);
  if (!check.grouping.empty()) {
    const model::UnitGroup* group = FindGroupOf(view, check, at);
    if (group == nullptr) return parts;
    const model::Groupings& groupings = view.center->HistoryOf(at.tree).groupings;
    parts.expected = groupings.MembersOf(*group, day);
    for (std::uint32_t index = 0; index < tree.size(); ++index) {
      const model::UnitId unit{index};
      if (tree.IsValidOn(unit, day)) continue;
      const auto* nearest =
          groupings.FindGroupOf(check.grouping, unit, tree.NearestDayOf(unit, day));
      if (nearest == group) parts.others.push_back(unit);
    }
    return parts;
  }
  if (tree.IsValidOn(at.unit, day)) parts.expected = tree.ChildrenOn(at.unit, day);
  const std::set<model::UnitId> known(parts.expected.begin(), parts.expected.end());
  for (const model::UnitId child : tree.ChildrenOf(at.unit)) {
    if (!known.contains(child)) parts.others.push_back(child);
  }
  return parts;
}

/// The sum of the parts that have a value; fills in what is missing.
std::optional<model::Decimal> SumOf(const View& view, const CrossCheck& check,
                                    const model::FigureKey& at, model::Comparison& comparison) {
  const model::Indicator* indicator = view.center->FindIndicator(check.indicator);
  const Parts parts = PartsOf(view, check, at);
  std::optional<model::Decimal> sum = model::Decimal();
  const auto add = [&](model::UnitId unit) {
    const FormulaValue value = ReadValue(view, *indicator, KeyOf(check.indicator, at, unit));
    if (!value.value) return false;
    sum = sum ? Add(*sum, *value.value) : std::nullopt;
    ++comparison.parts;
    return true;
  };
  for (const model::UnitId unit : parts.expected) {
    if (!add(unit)) comparison.missing.push_back(unit);
  }
  // What is not there on the period's last day counts in cells of those that took it over.
  if (indicator->reported) std::for_each(parts.others.begin(), parts.others.end(), add);
  return sum;
}

void CompareParts(const View& view, const CrossCheck& check, const model::FigureKey& at,
                  model::Comparison& comparison) {
  const model::Indicator* indicator = view.center->FindIndicator(check.indicator);
  comparison.value = ReadValue(view, *indicator, KeyOf(check.indicator, at, at.unit)).value;
  const auto sum = SumOf(view, check, at, comparison);
  comparison.other = comparison.parts == 0 ? std::nullopt : sum;
  const bool incomplete =
      !comparison.missing.empty() && check.missing == model::MissingParts::kNotComparable;
  model::Judge(check.tolerance, {comparison.parts + 1, indicator->decimals}, comparison);
  const auto cannot = [&](std::string_view reason) {
    comparison.agreement = model::Agreement::kNotComparable;
    comparison.reason = reason;
  };
  if (!comparison.value || comparison.parts == 0) return;
  if (!sum) return cannot("overflow");
  if (incomplete) return cannot("parts_missing");
  if (comparison.parts < check.at_least) return cannot("too_few_parts");
}

void ComparePair(const View& view, const CrossCheck& check, const model::FigureKey& at,
                 model::Comparison& comparison) {
  const model::Indicator* one = view.center->FindIndicator(check.indicator);
  const model::Indicator* other = view.center->FindIndicator(check.against);
  comparison.value = ReadValue(view, *one, KeyOf(check.indicator, at, at.unit)).value;
  comparison.other = ReadValue(view, *other, KeyOf(check.against, at, at.unit)).value;
  model::Judge(check.tolerance, {2, std::min(one->decimals, other->decimals)}, comparison);
}

/// Nothing is stated on either side, so that there is nothing to tell.
bool IsEmpty(const model::Comparison& comparison) { return !comparison.value && !comparison.other; }

/// The node above, on the period's last day or, for a unit that had ended, at its end.
std::optional<model::UnitId> WholeOf(const View& view, const CrossCheck& check,
                                     const model::FigureKey& key) {
  const model::Date day = model::LastDayOf(key.period);
  if (!check.grouping.empty()) {
    const auto* group =
        view.center->HistoryOf(key.tree).groupings.FindGroupOf(check.grouping, key.unit, day);
    return group == nullptr ? std::nullopt : group->unit;
  }
  const std::vector<model::UnitId> path = view.center->TreeOf(key.tree).PathOn(key.unit, day);
  return path.size() < 2 ? std::nullopt : std::optional(path[path.size() - 2]);
}

/// Whether the unit can be a whole of this check.
bool HasParts(const View& view, const CrossCheck& check, const model::FigureKey& at) {
  if (!check.grouping.empty()) return FindGroupOf(view, check, at) != nullptr;
  return !view.center->TreeOf(at.tree).ChildrenOf(at.unit).empty();
}

/// Reads each comparison of an answer once: every part of a whole asks for the same one.
const model::Comparison& Remembered(const View& view, const CrossCheck& check,
                                    const model::FigureKey& at) {
  const auto [place, added] = view.comparisons->try_emplace(
      std::tuple(check.name, at.tree, at.unit, at.period.regime, at.period.from, at.period.to));
  if (added) place->second = Compare(view, check, at);
  return place->second;
}

void AddComparisons(const View& view, const CrossCheck& check, const model::FigureKey& key,
                    std::vector<model::Comparison>& found) {
  const auto add = [&](model::UnitId unit) {
    const model::Comparison& comparison =
        Remembered(view, check, KeyOf(check.indicator, key, unit));
    if (!IsEmpty(comparison)) found.push_back(comparison);
  };
  if (check.kind == CrossCheck::Kind::kPair) return add(key.unit);
  if (HasParts(view, check, key)) add(key.unit);
  if (const auto whole = WholeOf(view, check, key)) add(*whole);
}

/// Where a check is to be read, without a period.
std::vector<std::pair<StatedOf, const model::PeriodKind*>> PlacesOf(const View& view,
                                                                    const CrossCheck& check) {
  std::vector<std::pair<StatedOf, const model::PeriodKind*>> places;
  for (const std::string& name : {check.indicator, check.against}) {
    const model::Indicator* indicator = view.center->FindIndicator(name);
    if (indicator == nullptr || !indicator->reported) continue;
    const auto stated = view.reported->FindPlaces(*indicator->reported, view.snapshot.sequence);
    places.insert(places.end(), stated.begin(), stated.end());
  }
  return places;
}

std::vector<model::FigureKey> KeysOf(const View& view, const CrossCheck& check,
                                     const ComparisonFilter& filter) {
  std::vector<model::FigureKey> keys;
  if (filter.period) {
    for (const auto tree : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
      for (std::uint32_t unit = 0; unit < view.center->TreeOf(tree).size(); ++unit) {
        keys.push_back({check.indicator, tree, model::UnitId{unit}, *filter.period});
      }
    }
  } else {
    for (const auto& [of, kind] : PlacesOf(view, check)) {
      keys.push_back({check.indicator, of.tree, of.unit, {of.regime, kind, of.from, of.to}});
    }
  }
  if (check.kind == CrossCheck::Kind::kParts) {
    std::erase_if(keys, [&](const auto& key) { return !HasParts(view, check, key); });
  }
  const auto rank = [](const model::FigureKey& key) {
    return std::tuple(key.tree, key.period.regime->name(), key.period.from, key.period.to,
                      key.unit);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const auto& left, const auto& right) { return rank(left) < rank(right); });
  keys.erase(
      std::unique(keys.begin(), keys.end(),
                  [&](const auto& left, const auto& right) { return rank(left) == rank(right); }),
      keys.end());
  return keys;
}

}  // namespace

model::Comparison Compare(const View& view, const CrossCheck& check, const model::FigureKey& at) {
  model::Comparison comparison;
  comparison.check = check.name;
  comparison.tree = at.tree;
  comparison.unit = at.unit;
  comparison.period = at.period;
  if (check.kind == CrossCheck::Kind::kParts) {
    CompareParts(view, check, at, comparison);
  } else {
    ComparePair(view, check, at, comparison);
  }
  return comparison;
}

std::vector<model::Comparison> ComparisonsOf(const View& view, const model::FigureKey& key) {
  std::vector<model::Comparison> found;
  for (const CrossCheck& check : view.center->cross_checks) {
    if (check.indicator != key.indicator && check.against != key.indicator) continue;
    AddComparisons(view, check, key, found);
  }
  return found;
}

std::vector<model::Comparison> CompareAll(const View& view, const ComparisonFilter& filter) {
  std::vector<model::Comparison> found;
  for (const CrossCheck& check : view.center->cross_checks) {
    if (!filter.check.empty() && filter.check != check.name) continue;
    if (!filter.system.empty() && filter.system != check.system) continue;
    for (const model::FigureKey& key : KeysOf(view, check, filter)) {
      if (view.patience.IsOver()) return found;
      model::Comparison comparison = Compare(view, check, key);
      if (!IsEmpty(comparison)) found.push_back(std::move(comparison));
    }
  }
  return found;
}

}  // namespace fansipan::indicators
