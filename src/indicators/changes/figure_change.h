#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "indicators/delta.h"
#include "indicators/engine.h"
#include "model/figure.h"

namespace fansipan::indicators {

/// A time in which one center ran: from `from` to before the next era's.
struct Era {
  base::Timestamp from;
  /// The engine of that center, with everything recorded in the era. May take long.
  std::function<base::Result<std::shared_ptr<const Engine>>()> open;
};

/// What is explained, in texts: what they mean is each era's to say.
struct FigureName {
  std::string indicator;
  model::TreeKind tree = model::TreeKind::kTerritory;
  std::string unit;    ///< code
  std::string period;  ///< as model::ToText
};

/// A figure without what its sources say of themselves.
struct FigureState {
  std::optional<model::Decimal> value;
  /// As of Figure; also unknown_unit and unknown_period, where the center of then had none.
  std::string no_value_reason;
  model::Judgement judgement = model::Judgement::kNotJudged;
  std::string not_judged_reason;
  std::optional<model::Decimal> target;
  std::vector<model::FormulaPart> parts;
};

/// What of a declaration changed, where the cause is redefined or targeted.
enum class Aspect {
  kMapping,
  kClocks,  ///< calendars, or what the clocks of a dataset are declared to say
  kMeasure,
  kPeriod,
  kFormula,
  kThresholds,
  kTargets,
  kDecided
};
std::string_view NameOf(Aspect aspect);  ///< mapping, measure, …

/// One step on the way from a figure to a later one.
struct ChangeStep {
  std::vector<Cause> causes;  ///< several where the figure has no value between them
  std::vector<Aspect> aspects;
  base::Timestamp from;  ///< what came after this moment …
  base::Timestamp to;    ///< … up to this one, included
  FigureState before;
  FigureState after;
  std::optional<model::Decimal> difference;  ///< nothing where a side has no value
};

/// How a figure came from what it was at one moment to what it was at a later one. Each step begins
/// with the state that the one before ended with, so that the differences add up exactly to
/// `difference`, for rates as for sums.
struct FigureChange {
  base::Timestamp from;
  base::Timestamp to;
  std::string from_revision;  ///< of the center at `from`
  std::string to_revision;
  FigureState before;
  FigureState after;
  std::optional<model::Decimal> difference;
  std::vector<ChangeStep> steps;  ///< those that changed something
};

/// Walks from `from` to `to`, era by era; within one the causes follow each other in the order new,
/// late, corrected, redefined (a mapping, or what clocks say), withdrawn, clock, targeted (a
/// decision that came into force); between two eras restated or redefined (measures, periods),
/// redefined (the formula), targeted, redefined (thresholds). `eras` in order of time, the first of
/// them holding `from`. See docs/decisions/0020. kInvalidArgument: `to` lies before `from`; errors
/// of reading the past and of the patience.
base::Result<FigureChange> ReadFigureChange(const std::vector<Era>& eras, const FigureName& name,
                                            base::Timestamp from, base::Timestamp to,
                                            const base::Patience& patience = {});

/// The same of several figures, by one pass over what happened.
base::Result<std::vector<FigureChange>> ReadFigureChanges(const std::vector<Era>& eras,
                                                          const std::vector<FigureName>& names,
                                                          base::Timestamp from, base::Timestamp to,
                                                          const base::Patience& patience = {});

/// The figure of this name at the view's moment. Never fails: one that the view's center does not
/// know has no value and says why.
FigureState ReadFigureState(const View& view, const FigureName& name);

/// The era whose center answers for a moment: the last one that began by then, or the first.
const Era& EraAt(const std::vector<Era>& eras, base::Timestamp moment);

}  // namespace fansipan::indicators
