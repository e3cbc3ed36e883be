#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "indicators/formula.h"
#include "indicators/restated/restated_measures.h"
#include "model/figure.h"
#include "model/indicator.h"

namespace fansipan::indicators {

/// What makes a figure on another day's territory where its formula is not simply computed over
/// what was recorded: the indicator's rule over the figures of the units it is made of.
struct MergerQuestion {
  const View& view;
  const model::Indicator& indicator;
  const model::FigureKey& key;  ///< with a territory
  /// The value of an indicator at a node; gaps on the way go into the notes given.
  std::function<FormulaValue(const model::Indicator&, const model::FigureKey&, RestatementNotes&)>
      read;
};

/// True when figures are combined, or nothing does: by the rule, or because they were reported and
/// have no records to compute from.
bool CombinesFigures(const model::Indicator& indicator);

/// Nothing when the unit was on all of the period's days what it is on the key's territory: then
/// there is nothing to combine. `units` takes the figures and weights that went in. Means are
/// rounded half away from zero at 12 decimals. Reasons beside those of a formula: not_comparable;
/// changed_within_period, when the units changed on one of the period's days; incomplete.
std::optional<FormulaValue> CombineUnits(const MergerQuestion& question, RestatementNotes& notes,
                                         std::vector<model::RestatedUnit>& units);

}  // namespace fansipan::indicators
