#include "indicators/internal/behind.h"

#include <algorithm>

namespace fansipan::indicators::internal {
namespace {

void Collect(const center::Center& center, const model::Indicator& indicator, Behind& behind) {
  behind.indicators.push_back(&indicator);
  for (const std::string& name : model::NamesIn(indicator.formula)) {
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

}  // namespace

Behind BehindOf(const center::Center& center, const model::Indicator& indicator) {
  Behind behind;
  Collect(center, indicator, behind);
  return behind;
}

}  // namespace fansipan::indicators::internal
