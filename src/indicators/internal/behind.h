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

}  // namespace fansipan::indicators::internal
