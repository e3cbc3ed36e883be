#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "indicators/engine.h"
#include "model/figure.h"

namespace fansipan::indicators {

/// Narrows a figure to the records whose dimension has a value. Every measure behind the figure
/// must declare the dimension.
struct DimensionFilter {
  std::string column;
  std::string value;
};

/// What a measure comes to, and over how many records.
struct MeasureValue {
  std::optional<model::Decimal> value;
  std::uint64_t records = 0;
  std::string no_value_reason;  ///< no_records, too_many_values, period_ahead, finer_than_recorded,
                                ///< overflow, incomplete
};
MeasureValue NoMeasure(std::string_view reason);

/// The moment of the view in the center's time zone.
base::LocalTime LocalNow(const View& view);
/// The leaves that make up the measure at the key's unit and period: a flow's own, or all up to a
/// stock's end. Nothing: the period is finer than what is kept.
std::optional<CellRange> RangeOf(const View& view, MeasureId measure, const model::FigureKey& key);
/// Which tuples of a measure set the filter lets through; empty: all.
std::function<bool(std::uint32_t)> Accepts(const View& view, std::uint32_t set,
                                           const std::optional<DimensionFilter>& filter);
/// What a sum of cells says of the measure.
MeasureValue Finish(const View& view, MeasureId id, const Accumulator& total);

/// A measure at a node and period. Counts, sums and distinct counts of nothing are zero; averages,
/// minima and maxima of nothing have no value. Averages are rounded at 12 decimals.
MeasureValue ReadMeasure(const View& view, MeasureId measure, const model::FigureKey& key,
                         const std::optional<DimensionFilter>& filter = std::nullopt);

}  // namespace fansipan::indicators
