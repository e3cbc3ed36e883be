#include "http/rendering/widget_rendering.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "http/rendering/period_rendering.h"

namespace fansipan::http {
namespace {

/// A dimension without declared values may have any number of them: so many are read and shown.
constexpr std::size_t kMostValuesRead = 500;
constexpr std::size_t kMostRows = 50;
constexpr int kShareDecimals = 4;

/// The column as the first measure behind the indicator declares it.
const model::Column* FindDimension(const indicators::View& view, const std::string& indicator,
                                   const std::string& name) {
  const auto measures = indicators::MeasuresOf(view, *view.center->FindIndicator(indicator));
  if (measures.empty()) return nullptr;
  const model::Dataset* dataset =
      view.center->FindDataset(view.plan->measure(measures.front()).dataset);
  const auto column = dataset->FindColumn(name);
  return column ? &dataset->columns[*column] : nullptr;
}

void ReadFlow(const indicators::View& view, const model::FigureKey& key, WidgetReading& reading) {
  const std::string& column = reading.widget->dimension;
  const auto values = indicators::DimensionValues(view, key, column);
  reading.dimension = FindDimension(view, key.indicator, column);
  if (!values.ok()) return;
  for (const std::string& value : *values) {
    if (view.patience.IsOver() || reading.rows.size() == kMostValuesRead) break;
    const model::Figure figure =
        indicators::ReadFigure(view, key, indicators::DimensionFilter{column, value});
    reading.rows.push_back({value, figure.value, figure.no_value_reason, std::nullopt});
  }
  const bool whole = reading.rows.size() == values->size();
  OrderFlow(whole ? reading.shown->figure.value : std::nullopt, reading.rows);
  if (reading.rows.size() > kMostRows) reading.rows.resize(kMostRows);
  reading.more = values->size() - reading.rows.size();
}

/// The value that a unit is ranked by; nothing when there is none, or too little behind it.
std::optional<model::Decimal> RankedBy(const indicators::View& view, const model::Figure& figure) {
  if (!figure.value || !indicators::HasEnoughToJudge(view, figure.key)) return std::nullopt;
  return figure.value;
}

void ReadRanking(const indicators::View& view, const model::FigureKey& key,
                 WidgetReading& reading) {
  std::vector<std::optional<model::Decimal>> now;
  std::vector<std::optional<model::Decimal>> before;
  for (const model::UnitId unit : ChildrenByCode(view, key.tree, key.unit, key.territory)) {
    if (view.patience.IsOver()) return;
    model::FigureKey at = key;
    at.unit = unit;
    const model::Figure figure = indicators::ReadPoint(view, at);
    at.period = model::Shift(key.period, -1);
    const model::Figure earlier = indicators::ReadPoint(view, at);
    now.push_back(RankedBy(view, figure));
    before.push_back(RankedBy(view, earlier));
    RankingRow row;
    row.unit = unit;
    row.value = figure.value;
    row.no_value_reason = figure.no_value_reason;
    row.judgement = figure.judgement;
    row.value_before = earlier.value;
    if (!now.back()) row.not_ranked_reason = figure.value ? "too_few_cases" : "no_value";
    reading.units.push_back(std::move(row));
  }
  const model::Better better = view.center->FindIndicator(key.indicator)->better;
  const auto places = PlacesOf(now, better);
  const auto places_before = PlacesOf(before, better);
  for (std::size_t i = 0; i < reading.units.size(); ++i) {
    reading.units[i].place = places[i];
    reading.units[i].place_before = places_before[i];
  }
  std::ranges::stable_sort(reading.units, {}, [](const RankingRow& row) {
    return std::tuple(!row.place, row.place.value_or(0));
  });
}

void WriteFlow(JsonWriter& json, const WidgetReading& reading) {
  json.BeginObject("by");
  json.Text("column", reading.widget->dimension);
  const model::Column* column = reading.dimension;
  json.Localized("title", column != nullptr ? column->title : model::LocalizedText());
  json.Text("type", NameOf(column != nullptr ? column->type : model::ColumnType::kText));
  json.EndObject();
  json.BeginArray("rows");
  for (const FlowRow& row : reading.rows) {
    json.BeginObject();
    json.TextOrNull("value", row.value);
    json.Decimal("amount", row.amount);
    json.TextOrNull("no_value_reason", row.amount ? "" : row.no_value_reason);
    json.Decimal("share", row.share);
    json.EndObject();
  }
  json.EndArray();
  json.Integer("more", static_cast<std::int64_t>(reading.more));
}

void WriteRanking(JsonWriter& json, const center::Center& center, const WidgetReading& reading) {
  const model::FigureKey& key = reading.shown->figure.key;
  WritePeriod(json, "before", center, model::Shift(key.period, -1), PeriodForm::kShort);
  json.BeginArray("units");
  for (const RankingRow& row : reading.units) {
    json.BeginObject();
    WriteUnitName(json, "unit", center.TreeOf(key.tree).Get(row.unit));
    json.Integer("place", std::optional<std::int64_t>(row.place));
    json.TextOrNull("not_ranked_reason", row.not_ranked_reason);
    json.Decimal("value", row.value);
    json.TextOrNull("no_value_reason", row.value ? "" : row.no_value_reason);
    json.Text("judgement", NameOf(row.judgement));
    json.Integer("place_before", std::optional<std::int64_t>(row.place_before));
    json.Decimal("value_before", row.value_before);
    json.EndObject();
  }
  json.EndArray();
}

/// What a viewer is told of each source apart is left out of what decides whether this changed.
void WriteSourcesShown(JsonWriter& json, const FigureForm& form, const WidgetReading& reading) {
  json.BeginArray("sources");
  for (const std::string& name : reading.sources) {
    const center::Source* source = form.center->FindSource(name);
    const auto standing = form.standings->find(name);
    if (source == nullptr || standing == form.standings->end()) continue;
    if (form.passport == Passport::kLasting) {
      json.TextItem(name);
    } else {
      WritePassportSource(json, *source, standing->second);
    }
  }
  json.EndArray();
}

/// Parts of the whole: none is missing or below zero, and together they come to it.
bool AddUp(const std::optional<model::Decimal>& whole, const std::vector<FlowRow>& rows) {
  std::optional<model::Decimal> sum = model::Decimal();
  for (const FlowRow& row : rows) {
    if (!sum || !row.amount || *row.amount < model::Decimal()) return false;
    sum = Add(*sum, *row.amount);
  }
  return sum && whole && *sum == *whole && !whole->is_zero();
}

}  // namespace

model::Period PeriodOf(const indicators::View& view, const center::PanelItem& item,
                       const model::FigureKey& key) {
  const base::LocalTime now = view.center->time_zone.ToLocal(view.snapshot.tick);
  const model::Period current = model::PeriodContaining(*item.regime, *item.period, now);
  const model::Indicator* indicator = view.center->FindIndicator(item.indicator);
  if (!item.latest || indicator == nullptr) return current;
  model::FigureKey at = key;
  for (int back = 0; back <= kLatestPeriods && !view.patience.IsOver(); ++back) {
    at.period = model::Shift(current, -back);
    if (at.period.to > now) continue;
    if (indicators::ReadValue(view, *indicator, at).value) return at.period;
  }
  return current;
}

std::vector<std::optional<int>> PlacesOf(const std::vector<std::optional<model::Decimal>>& values,
                                         model::Better better) {
  std::vector<model::Decimal> ordered;
  for (const auto& value : values) {
    if (value) ordered.push_back(*value);
  }
  const bool higher = better == model::Better::kHigher;
  const auto is_better = [higher](const model::Decimal& left, const model::Decimal& right) {
    return higher ? left > right : left < right;
  };
  std::ranges::sort(ordered, is_better);
  std::vector<std::optional<int>> places;
  for (const auto& value : values) {
    if (!value) {
      places.emplace_back();
      continue;
    }
    const auto first = std::ranges::lower_bound(ordered, *value, is_better);
    places.emplace_back(1 + static_cast<int>(first - ordered.begin()));
  }
  return places;
}

void OrderFlow(const std::optional<model::Decimal>& whole, std::vector<FlowRow>& rows) {
  std::ranges::stable_sort(rows, [](const FlowRow& left, const FlowRow& right) {
    if (!left.amount || !right.amount) return left.amount && !right.amount;
    return *left.amount > *right.amount;
  });
  if (!AddUp(whole, rows)) return;
  for (FlowRow& row : rows) {
    const auto hundredfold = Multiply(*row.amount, model::Decimal::FromInteger(100));
    if (hundredfold) row.share = Divide(*hundredfold, *whole, kShareDecimals);
  }
}

WidgetReading ReadWidget(const indicators::View& view, const center::PanelWidget& widget,
                         const model::FigureKey& key) {
  WidgetReading reading;
  reading.widget = &widget;
  if (widget.item.indicator.empty()) return reading;
  reading.shown = ShownFigure{indicators::ReadFigure(view, key), std::nullopt, {}};
  if (widget.item.kind == "flow") ReadFlow(view, key, reading);
  if (widget.item.kind == "ranking") ReadRanking(view, key, reading);
  return reading;
}

void WriteWidget(JsonWriter& json, const FigureForm& form, const WidgetReading& reading) {
  const std::string& kind = reading.widget->item.kind;
  if (kind == "text") json.Localized("text", reading.widget->words);
  if (kind == "sources") WriteSourcesShown(json, form, reading);
  if (!reading.shown) return;
  json.BeginObject("figure");
  WriteFigure(json, form, *reading.shown);
  json.EndObject();
  if (kind == "flow") WriteFlow(json, reading);
  if (kind == "ranking") WriteRanking(json, *form.center, reading);
}

}  // namespace fansipan::http
