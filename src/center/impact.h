#pragma once

#include <string>
#include <vector>

#include "center/center.h"

namespace fansipan::center {

/// Something that a change of units touches.
struct Impact {
  std::string kind;  ///< figure, rank, target, obligation, source_code, right
  std::string text;  ///< for a person
};

/// What the events of `to` that `from` does not have touch, by tree and kind: which figures go on
/// in which units and by which rule, which rankings have other units, which targets name units that
/// end, within which reporting periods the units change, and what the codes of ended units mean
/// then. Nothing when there are no such events.
std::vector<Impact> ImpactsOf(const Center& from, const Center& to);

}  // namespace fansipan::center
