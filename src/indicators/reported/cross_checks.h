#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "indicators/engine.h"
#include "model/cross_check.h"
#include "model/figure.h"

namespace fansipan::indicators {

/// The check at the node that it is about: the whole, or the node of both indicators. Never fails:
/// what cannot be compared says why.
model::Comparison Compare(const View& view, const model::CrossCheck& check,
                          const model::FigureKey& at);

/// All comparisons that the figure takes part in, by check: as a whole, as a part of the unit above
/// it or of its group, or as one of two. Those of which there is nothing to compare are left out.
std::vector<model::Comparison> ComparisonsOf(const View& view, const model::FigureKey& key);

/// What is to be compared.
struct ComparisonFilter {
  std::optional<model::Period> period;  ///< nothing: every period of which anything is stated
  std::string check;                    ///< empty: all
  std::string system;                   ///< empty: all
};
/// Every comparison in both trees, by check, period and unit. Without a period only checks in which
/// a reported indicator takes part have any. Breaks off when the view's patience is over.
std::vector<model::Comparison> CompareAll(const View& view, const ComparisonFilter& filter);

}  // namespace fansipan::indicators
