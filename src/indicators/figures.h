#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "indicators/engine.h"
#include "indicators/formula.h"
#include "indicators/health/source_standing.h"
#include "indicators/restated/measure_reading.h"
#include "model/figure.h"
#include "store/fact_store.h"

namespace fansipan::indicators {

/// The indicator's value alone, of which no more is asked.
FormulaValue ReadValue(const View& view, const model::Indicator& indicator,
                       const model::FigureKey& key);

/// Value, judgement and what became of the territory, as a point of a series needs them.
model::Figure ReadPoint(const View& view, const model::FigureKey& key);

/// The figure with judgement, trust marks and passport. Never fails: a figure that cannot be
/// computed has no value and says why. Formulas follow ordinary arithmetic on exact decimals;
/// quotients are rounded half away from zero at 12 decimals.
model::Figure ReadFigure(const View& view, const model::FigureKey& key,
                         const std::optional<DimensionFilter>& filter = std::nullopt);

/// What was ever stated of a reported figure up to the view's moment, in the order in which it came
/// to be known. Empty for one that is computed.
std::vector<KnownStatement> ReadStatements(const View& view, const model::FigureKey& key);

/// The values of a dimension that have records behind the figure, sorted. kInvalidArgument when a
/// measure behind the figure does not declare the dimension.
base::Result<std::vector<std::string>> DimensionValues(const View& view,
                                                       const model::FigureKey& key,
                                                       const std::string& column);

/// Sources that feed the indicator's datasets, in order of declaration.
std::vector<const center::Source*> SourcesOf(const center::Center& center,
                                             const model::Indicator& indicator);
/// Measures behind the indicator, through other indicators too, each once.
std::vector<MeasureId> MeasuresOf(const View& view, const model::Indicator& indicator);

/// The question to the fact store whose answer is the records that count in the measure at this
/// node and period. kNotFound when no record can count.
base::Result<store::RecordQuery> RecordsBehind(const View& view, MeasureId measure_id,
                                               const model::FigureKey& key);

/// How much a measure changed between two moments, by cause: the sums add up to the difference.
struct CauseSum {
  Cause cause = Cause::kNew;
  std::int64_t records = 0;
  model::Decimal sum;
};
/// What is to be read to say why measures changed: taken from a view, read without one, since the
/// log may be long. The engine must live until then.
struct ChangesQuestion {
  struct Part {
    MeasureId measure = 0;
    std::optional<CellRange> range;  ///< nothing: no cells can be meant
  };
  std::vector<Part> parts;
  const model::UnitTree* tree = nullptr;
  const MeasurePlan* plan = nullptr;
  CellLogSpan blocks;
};
ChangesQuestion AskChanges(const View& view, const std::vector<MeasureId>& measures,
                           const model::FigureKey& key, base::Timestamp since);
/// For each measure the changes by cause. kCorrupt, kIo: the log could not be read.
base::Result<std::vector<std::vector<CauseSum>>> ReadChanges(const ChangesQuestion& question,
                                                             const base::Patience& patience = {});

}  // namespace fansipan::indicators
