#include "indicators/restated/measure_reading.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "indicators/formula.h"
#include "indicators/restated/restated_measures.h"

namespace fansipan::indicators {
namespace {

constexpr model::Leaf kFirstLeaf = std::numeric_limits<model::Leaf>::min();

/// On the way between two moments, cause by cause, a value may be taken away before it has come.
void DropAbsent(Accumulator& total) {
  std::erase_if(total.values, [](const auto& value) { return value.second <= 0; });
}

std::uint64_t RecordsIn(const Accumulator& total) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(total.count, 0));
}

MeasureValue Extreme(const View& view, const Accumulator& total, bool maximum) {
  std::optional<model::Value> best;
  for (const auto& [id, times] : total.values) {
    const model::Value& value = view.plan->values().Get(id - 1)[0];
    if (!best || (model::Compare(value, *best) > 0) == maximum) best = value;
  }
  MeasureValue result;
  result.records = RecordsIn(total);
  if (!best) {
    result.no_value_reason = "no_records";
  } else if (const auto* integer = std::get_if<std::int64_t>(&*best)) {
    result.value = model::Decimal::FromInteger(*integer);
  } else if (const auto* decimal = std::get_if<model::Decimal>(&*best)) {
    result.value = *decimal;
  }
  return result;
}

}  // namespace

base::LocalTime LocalNow(const View& view) {
  return view.center->time_zone.ToLocal(view.snapshot.tick);
}

MeasureValue NoMeasure(std::string_view reason) {
  MeasureValue value;
  value.no_value_reason = reason;
  return value;
}

std::function<bool(std::uint32_t)> Accepts(const View& view, std::uint32_t set,
                                           const std::optional<DimensionFilter>& filter) {
  if (!filter) return {};
  const auto& dimensions = view.plan->measure_set(set).dimensions;
  const auto dataset = view.plan->FindDataset(view.plan->measure_set(set).dataset);
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (view.plan->dataset(*dataset).columns[dimensions[i]].name != filter->column) continue;
    return [&view, i, wanted = filter->value](std::uint32_t tuple) {
      return model::ToText(view.plan->tuples().Get(tuple)[i]) == wanted;
    };
  }
  return [](std::uint32_t) { return false; };
}

std::optional<CellRange> RangeOf(const View& view, MeasureId measure, const model::FigureKey& key) {
  const std::uint32_t set = view.plan->SetOf(measure);
  const auto leaves = model::LeavesOf(key.period, view.plan->measure_set(set).grain);
  if (!leaves) return std::nullopt;
  const bool stock = view.plan->measure(measure).kind == model::MeasureKind::kStock;
  return CellRange{key.tree, key.unit, stock ? kFirstLeaf : leaves->first, leaves->last, {}};
}

MeasureValue Finish(const View& view, MeasureId id, const Accumulator& total) {
  const model::Measure& measure = view.plan->measure(id);
  const model::Decimal sum(total.sum, view.plan->ScaleOf(id));
  MeasureValue result;
  result.records = RecordsIn(total);
  switch (measure.aggregate) {
    case model::Aggregate::kCount:
      result.value = model::Decimal::FromInteger(total.count);
      return result;
    case model::Aggregate::kSum:
      result.value = sum.Normalized();
      return result;
    case model::Aggregate::kAverage: {
      if (total.count <= 0) return NoMeasure("no_records");
      const auto mean = Divide(sum, model::Decimal::FromInteger(total.count), kQuotientDecimals);
      if (!mean) return NoMeasure("overflow");
      result.value = mean->Normalized();
      return result;
    }
    case model::Aggregate::kDistinct:
      result.value = model::Decimal::FromInteger(static_cast<std::int64_t>(total.values.size()));
      return result;
    case model::Aggregate::kMinimum:
      return Extreme(view, total, false);
    case model::Aggregate::kMaximum:
      return Extreme(view, total, true);
  }
  return result;
}

MeasureValue ReadMeasure(const View& view, MeasureId measure, const model::FigureKey& key,
                         const std::optional<DimensionFilter>& filter) {
  if (key.period.from > LocalNow(view)) return NoMeasure("period_ahead");
  if (key.territory) return RestatedMeasures(view, filter).Read(measure, key, "");
  auto range = RangeOf(view, measure, key);
  if (!range) return NoMeasure("finer_than_recorded");
  const std::uint32_t set = view.plan->SetOf(measure);
  range->accepts = Accepts(view, set, filter);
  Accumulator total = view.cells->Read(measure, set, *range);
  DropAbsent(total);
  if (total.values.size() > model::kMaxDistinctValuesPerCell) return NoMeasure("too_many_values");
  return Finish(view, measure, total);
}

}  // namespace fansipan::indicators
