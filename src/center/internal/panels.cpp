#include "center/internal/panels.h"

#include <algorithm>
#include <set>
#include <utility>

#include "center/internal/expressions.h"
#include "center/internal/regimes.h"

namespace fansipan::center {
namespace {

// Measures that a formula's names stand on, directly or through indicators.
void CollectMeasures(const Center& center, const std::string& name, std::set<std::string>& seen,
                     std::vector<const model::Measure*>& measures) {
  if (!seen.insert(name).second) return;
  if (const model::Measure* measure = center.FindMeasure(name)) measures.push_back(measure);
  const model::Indicator* indicator = center.FindIndicator(name);
  if (indicator == nullptr) return;
  for (const std::string& used : ValuesIn(indicator->formula)) {
    CollectMeasures(center, used, seen, measures);
  }
}

// An hour has a figure only when all that it is made of is counted by the hour.
void CheckHours(const Draft& draft, const YamlMap& map, const std::string& indicator) {
  std::set<std::string> seen;
  std::vector<const model::Measure*> measures;
  CollectMeasures(draft.center, indicator, seen, measures);
  for (const model::Measure* measure : measures) {
    if (measure->grain == model::Grain::kHour) continue;
    map.Report(*map.Find("period"), "is hour, but the measure '" + measure->name + "' of '" +
                                        indicator +
                                        "' is counted by the day; give it "
                                        "'grain: hour'");
    return;
  }
}

// `regime` is the panel's; null when it could not be read.
void ReadPeriod(const Draft& draft, const YamlMap& map, const model::Regime* regime,
                PanelItem& item) {
  if (const YamlNode* node = map.FindText("regime", Need::kOptional)) {
    regime = FindRegime(draft, map.scope(), *node, map.what() + ": 'regime'");
  }
  if (regime == nullptr) return;
  std::vector<std::string> kinds;
  for (const model::PeriodKind& kind : regime->kinds()) kinds.push_back(kind.name);
  item.regime = regime;
  const auto period = map.Choice("period", kinds, Need::kOptional);
  const auto month = std::ranges::find(kinds, "month");
  if (period) {
    item.period = &regime->kinds()[*period];
  } else if (month != kinds.end()) {
    item.period = regime->FindKind("month");
  } else {
    item.period = &regime->kinds().front();
  }
}

std::optional<PanelItem> ReadItem(const Draft& draft, const FileScope& scope, const YamlNode& node,
                                  const std::string& what, const model::Regime* regime) {
  const YamlMap map(node, scope, what);
  map.Allow({"figure", "breakdown", "regime", "period", "trend"});
  PanelItem item;
  ReadPeriod(draft, map, regime, item);
  item.trend_periods = static_cast<std::uint32_t>(map.Integer("trend", {0, 400}, 12));
  if (map.entries().empty()) return std::nullopt;
  if (map.Has("figure") == map.Has("breakdown")) {
    scope.Report(map.at(),
                 what + ": must have either 'figure: indicator' or 'breakdown: indicator'");
    return std::nullopt;
  }
  item.kind = map.Has("figure") ? "figure" : "breakdown";
  const YamlNode* name = map.FindText(item.kind, Need::kRequired);
  if (name == nullptr) return std::nullopt;
  item.indicator = name->text;
  if (draft.center.FindIndicator(name->text) == nullptr) {
    draft.ReportUnknownIndicator(scope, *name, what);
  } else if (item.period->tiling == model::Tiling::kHours) {
    CheckHours(draft, map, item.indicator);
  }
  return item;
}

Panel ReadPanel(const Draft& draft, const FileScope& scope, const YamlNode& entry) {
  const YamlMap map(entry, scope, "panel '" + entry.key + "'");
  map.Allow({"title", "tree", "regime", "items"});
  Panel panel;
  panel.name = entry.key;
  panel.title = map.Localized("title", draft.center.languages, Need::kRequired);
  const auto tree = map.Choice("tree", {"territory", "organisation"}, Need::kOptional);
  panel.tree = tree == 1 ? model::TreeKind::kOrganisation : model::TreeKind::kTerritory;
  if (panel.tree == model::TreeKind::kOrganisation && draft.center.organisation.empty() &&
      !draft.unsound_trees.contains(panel.tree)) {
    map.Report(*map.Find("tree"), "is organisation, but this center has no organisation/units.csv");
  }
  const model::Regime* regime = panel.regime;
  if (const YamlNode* node = map.FindText("regime", Need::kOptional)) {
    regime = FindRegime(draft, scope, *node, map.what() + ": 'regime'");
    if (regime != nullptr) panel.regime = regime;
  }
  const YamlNode* items = map.Find("items", Need::kRequired);
  if (items == nullptr) return panel;
  if (items->kind != YamlNode::Kind::kList || items->items.empty() ||
      items->items.size() > kMaxPanelItems) {
    map.Report(*items, "must be a list of 1 to " + std::to_string(kMaxPanelItems) +
                           " items such as {figure: on_time_rate, period: month}");
    return panel;
  }
  for (const YamlNode& node : items->items) {
    if (auto item = ReadItem(draft, scope, node, map.what() + ": item", regime)) {
      panel.items.push_back(*std::move(item));
    }
  }
  return panel;
}

}  // namespace

void ReadPanels(Draft& draft) {
  for (const System& system : draft.center.systems) {
    const FileScope scope = draft.ScopeOf("systems/" + system.name + "/panels.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    if (document == nullptr) continue;
    const YamlMap file(*document, scope, "panels");
    file.Allow({"panels"});
    const YamlNode* list = file.Find("panels", Need::kRequired);
    if (list == nullptr) continue;
    const YamlMap panels(*list, scope, "panels");
    for (const YamlNode& entry : panels.entries()) {
      const bool declared = draft.Declare(Kind::kPanel, scope, entry);
      Panel panel = ReadPanel(draft, scope, entry);
      panel.system = system.name;
      if (declared) draft.center.panels.push_back(std::move(panel));
    }
    if (draft.center.panels.size() > kMaxPanels) {
      scope.Report(list->anchor(), "more than " + std::to_string(kMaxPanels) + " panels");
    }
  }
}

}  // namespace fansipan::center
