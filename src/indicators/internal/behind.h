#pragma once

#include <string>
#include <vector>

#include "center/center.h"

namespace fansipan::indicators::internal {

/// What an indicator stands on, through its formula and those of the indicators in it.
struct Behind {
  std::vector<std::string> measures;  ///< names, each once, in order of appearance
  std::vector<const model::Indicator*>
      indicators;  ///< itself first; they live as long as the center
};
Behind BehindOf(const center::Center& center, const model::Indicator& indicator);

/// True when a formula's value comes from records, through whatever indicators stand in it.
bool StandsOnMeasures(const center::Center& center, const model::Expression& formula);

/// True when a formula of the indicator, or of one in it, looks at years before: what is recorded
/// in other units then, from which its unit was made, moves it too.
bool LooksAtYearsBefore(const center::Center& center, const model::Indicator& indicator);

}  // namespace fansipan::indicators::internal
