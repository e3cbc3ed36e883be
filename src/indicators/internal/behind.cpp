#include "indicators/internal/behind.h"

#include <algorithm>

namespace fansipan::indicators::internal {
namespace {

/// Names whose values the formula reads; of an indicator in target(x) it reads none, so that an
/// indicator may name itself there.
void CollectValueNames(const model::Expression& part, std::vector<std::string>& names) {
  using Kind = model::Expression::Kind;
  if (part.kind == Kind::kCall && part.name == "target") return;
  if (part.kind == Kind::kName && std::ranges::find(names, part.name) == names.end()) {
    names.push_back(part.name);
  }
  for (const model::Expression& operand : part.operands) CollectValueNames(operand, names);
}

std::vector<std::string> ValueNamesIn(const model::Expression& formula) {
  std::vector<std::string> names;
  CollectValueNames(formula, names);
  return names;
}

void Collect(const center::Center& center, const model::Indicator& indicator, Behind& behind) {
  behind.indicators.push_back(&indicator);
  for (const std::string& name : ValueNamesIn(indicator.formula)) {
    if (center.FindMeasure(name) != nullptr) {
      const auto& known = behind.measures;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        behind.measures.push_back(name);
      }
    } else if (const auto* inner = center.FindIndicator(name)) {
      Collect(center, *inner, behind);
    }
  }
}

bool HasYears(const model::Expression& formula) {
  const bool of_years =
      formula.kind == model::Expression::Kind::kCall && formula.operands.size() > 1;
  return of_years || std::ranges::any_of(formula.operands, HasYears);
}

}  // namespace

Behind BehindOf(const center::Center& center, const model::Indicator& indicator) {
  Behind behind;
  Collect(center, indicator, behind);
  return behind;
}

bool StandsOnMeasures(const center::Center& center, const model::Expression& formula) {
  return std::ranges::any_of(ValueNamesIn(formula), [&](const std::string& name) {
    if (center.FindMeasure(name) != nullptr) return true;
    const model::Indicator* indicator = center.FindIndicator(name);
    return indicator != nullptr && !BehindOf(center, *indicator).measures.empty();
  });
}

bool LooksAtYearsBefore(const center::Center& center, const model::Indicator& indicator) {
  const Behind behind = BehindOf(center, indicator);
  return std::ranges::any_of(behind.indicators,
                             [](const model::Indicator* one) { return HasYears(one->formula); });
}

}  // namespace fansipan::indicators::internal
