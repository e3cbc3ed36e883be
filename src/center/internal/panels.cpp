#include "center/internal/panels.h"

#include <algorithm>
#include <set>
#include <utility>

#include "center/internal/expressions.h"
#include "center/internal/regimes.h"

namespace fansipan::center {
namespace {

// What a formula's names stand on, directly or through indicators.
struct Behind {
  std::set<std::string> seen;
  std::vector<const model::Measure*> measures;
  bool reported = false;  ///< some value is stated, not counted
};

void Collect(const Center& center, const std::string& name, Behind& behind) {
  if (!behind.seen.insert(name).second) return;
  if (const model::Measure* measure = center.FindMeasure(name)) behind.measures.push_back(measure);
  const model::Indicator* indicator = center.FindIndicator(name);
  if (indicator == nullptr) return;
  if (indicator->reported) behind.reported = true;
  for (const std::string& used : ValuesIn(indicator->formula)) Collect(center, used, behind);
}

// An hour has a figure only when all that it is made of is counted by the hour.
void CheckHours(const Draft& draft, const YamlMap& map, const std::string& indicator) {
  Behind behind;
  Collect(draft.center, indicator, behind);
  for (const model::Measure* measure : behind.measures) {
    if (measure->grain == model::Grain::kHour) continue;
    map.Report(*map.Find("period"), "is hour, but the measure '" + measure->name + "' of '" +
                                        indicator +
                                        "' is counted by the day; give it "
                                        "'grain: hour'");
    return;
  }
}

// All that the indicator is made of is kept apart by the column.
void CheckDimension(const Draft& draft, const YamlMap& map, const std::string& indicator,
                    const YamlNode& column) {
  Behind behind;
  Collect(draft.center, indicator, behind);
  if (behind.reported) {
    map.Report(column, "is '" + column.text + "', but '" + indicator +
                           "' stands on reported values, which are not kept apart");
    return;
  }
  for (const model::Measure* measure : behind.measures) {
    const model::Dataset* dataset = draft.center.FindDataset(measure->dataset);
    if (dataset == nullptr) continue;
    const bool apart = std::ranges::any_of(measure->dimensions, [&](const std::size_t index) {
      return dataset->columns[index].name == column.text;
    });
    if (apart) continue;
    map.Report(column, "is '" + column.text + "', but the measure '" + measure->name + "' of '" +
                           indicator + "' is not kept apart by it; give it 'dimensions: [" +
                           column.text + "]'");
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

// What an item shows, by the key that says so; the keys that it may have beside it.
struct ItemKind {
  std::string_view name;
  std::vector<std::string_view> keys;
};

const std::vector<ItemKind>& ItemKinds() {
  static const std::vector<ItemKind> kKinds = {
      {"figure", {"regime", "period", "trend", "latest"}},
      {"breakdown", {"regime", "period", "trend", "latest"}},
      {"flow", {"by", "regime", "period", "latest"}},
      {"ranking", {"regime", "period", "latest"}},
      {"text", {}},
      {"sources", {}}};
  return kKinds;
}

// The only kind whose key the item has; null when there is none, or several.
const ItemKind* KindOf(const YamlMap& map) {
  const ItemKind* found = nullptr;
  for (const ItemKind& kind : ItemKinds()) {
    if (!map.Has(kind.name)) continue;
    if (found != nullptr) return nullptr;
    found = &kind;
  }
  return found;
}

void AllowKeys(const YamlMap& map, const ItemKind* kind) {
  std::vector<std::string_view> keys;
  const auto add = [&](std::string_view key) {
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  };
  for (const ItemKind& known : ItemKinds()) {
    if (kind != nullptr && kind != &known) continue;
    add(known.name);
    std::ranges::for_each(known.keys, add);
  }
  map.Allow(keys);
}

// Indicator, period and trend of an item that has an indicator.
bool ReadShown(const Draft& draft, const YamlMap& map, const model::Regime* regime,
               PanelItem& item) {
  ReadPeriod(draft, map, regime, item);
  item.trend_periods = static_cast<std::uint32_t>(map.Integer("trend", {0, 400}, 12));
  item.latest = map.Flag("latest", false);
  const YamlNode* name = map.FindText(item.kind, Need::kRequired);
  if (name == nullptr) return false;
  item.indicator = name->text;
  const model::Indicator* indicator = draft.center.FindIndicator(name->text);
  if (indicator == nullptr) {
    draft.ReportUnknownIndicator(map.scope(), *name, map.what());
    return true;
  }
  if (item.period->tiling == model::Tiling::kHours) CheckHours(draft, map, item.indicator);
  if (item.kind == "ranking" && indicator->better == model::Better::kNeither) {
    map.Report(*name, "is '" + name->text +
                          "', which has no better direction; declare 'better: higher' or "
                          "'better: lower' of it");
  }
  return true;
}

bool ReadWidget(const Draft& draft, const YamlMap& map, const model::Regime* regime,
                PanelWidget& widget) {
  const std::string& kind = widget.item.kind;
  if (kind == "text") {
    widget.words = map.Localized("text", draft.center.languages, Need::kRequired);
    return true;
  }
  if (kind == "sources") {
    if (map.Flag("sources", true)) return true;
    map.Report(*map.Find("sources"), "must be true; leave the item out to show no sources");
    return false;
  }
  if (!ReadShown(draft, map, regime, widget.item)) return false;
  if (kind != "flow") return true;
  const YamlNode* column = map.FindText("by", Need::kRequired);
  if (column == nullptr) return false;
  widget.dimension = column->text;
  if (draft.center.FindIndicator(widget.item.indicator) != nullptr) {
    CheckDimension(draft, map, widget.item.indicator, *column);
  }
  return true;
}

void ReadItem(const Draft& draft, const YamlMap& map, const model::Regime* regime, Panel& panel) {
  const ItemKind* kind = KindOf(map);
  AllowKeys(map, kind);
  if (map.entries().empty()) return;
  if (kind == nullptr) {
    map.scope().Report(map.at(), map.what() +
                                     ": must have one of 'figure: indicator', 'breakdown: "
                                     "indicator', 'flow: indicator', 'ranking: indicator', 'text' "
                                     "and 'sources: true'");
    return;
  }
  PanelWidget widget;
  widget.item.kind = kind->name;
  widget.item.position = static_cast<std::uint32_t>(panel.items.size() + panel.widgets.size());
  if (widget.item.kind != "figure" && widget.item.kind != "breakdown") {
    if (ReadWidget(draft, map, regime, widget)) panel.widgets.push_back(std::move(widget));
  } else if (ReadShown(draft, map, regime, widget.item)) {
    panel.items.push_back(std::move(widget.item));
  }
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
    ReadItem(draft, YamlMap(node, scope, map.what() + ": item"), regime, panel);
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
