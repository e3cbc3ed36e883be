#pragma once

#include <vector>

#include "model/units/lineage.h"

namespace fansipan::model {

/// The rules of Lineage::FindFaults. Events name units of the tree, or kNoUnit.
std::vector<LineageFault> FindLineageFaults(const UnitTree& tree,
                                            const std::vector<LineageEvent>& events);

}  // namespace fansipan::model
