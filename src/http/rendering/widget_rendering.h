#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "center/center.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/json_writer.h"
#include "indicators/figures.h"

namespace fansipan::http {

/// One value of a dimension and what the figure is of it.
struct FlowRow {
  std::string value;  ///< empty: unknown
  std::optional<model::Decimal> amount;
  std::string no_value_reason;
  std::optional<model::Decimal> share;  ///< in percent; nothing where the rows are no parts
};

/// A unit below, in the widget's period and in the one before.
struct RankingRow {
  model::UnitId unit;
  std::optional<model::Decimal> value;
  std::string no_value_reason;
  model::Judgement judgement = model::Judgement::kNotJudged;
  std::optional<int> place;  ///< 1 is best, equal ones share a place; nothing: it is not ranked
  std::string not_ranked_reason;
  std::optional<model::Decimal> value_before;
  std::optional<int> place_before;
};

/// What a widget shows for one unit.
struct WidgetReading {
  const center::PanelWidget* widget = nullptr;
  std::optional<ShownFigure> shown;          ///< of flow and ranking, of the unit itself
  const model::Column* dimension = nullptr;  ///< of flow; lives as long as the center
  std::vector<FlowRow> rows;                 ///< largest first, those without a value last
  std::size_t more = 0;              ///< values of the dimension that are not among the rows
  std::vector<RankingRow> units;     ///< best first, then those that are not ranked, by code
  std::vector<std::string> sources;  ///< names, of sources
};

/// So many periods back an item with `latest` looks for a value.
inline constexpr int kLatestPeriods = 24;
/// The current period of the item's kind, or of one with `latest` the last that has ended and has
/// a value at the key's unit. The key's own period is not read.
model::Period PeriodOf(const indicators::View& view, const center::PanelItem& item,
                       const model::FigureKey& key);

/// Places of those that can be ranked: one more than the number of better ones.
std::vector<std::optional<int>> PlacesOf(const std::vector<std::optional<model::Decimal>>& values,
                                         model::Better better);
/// Largest first, with their shares where they add up to the whole and none is below zero.
void OrderFlow(const std::optional<model::Decimal>& whole, std::vector<FlowRow>& rows);

/// Inside of Engine::Read, at the key's unit and period. Sources are the panel's to add.
WidgetReading ReadWidget(const indicators::View& view, const center::PanelWidget& widget,
                         const model::FigureKey& key);

/// The members of a widget behind position and kind.
void WriteWidget(JsonWriter& json, const FigureForm& form, const WidgetReading& reading);

}  // namespace fansipan::http
