#include "http/rendering/panel_rendering.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "http/rendering/center_rendering.h"
#include "http/rendering/period_rendering.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kChildFigures = 3;
/// The life of a busy source is told again so often.
constexpr std::chrono::milliseconds kToldAgain{5'000};

/// So that not all panels are told of a source's life at one moment.
std::chrono::milliseconds PhaseOf(model::UnitId unit) {
  constexpr std::uint32_t kSteps = 50;
  return kToldAgain / kSteps * (unit.value % kSteps);
}

enum List : std::size_t { kItems, kChildren, kSources };

model::Period PeriodOf(const indicators::View& view, const center::PanelItem& item,
                       const std::optional<model::Period>& period) {
  if (period) return *period;
  return model::PeriodContaining(*item.regime, *item.period,
                                 view.center->time_zone.ToLocal(view.snapshot.tick));
}

/// Breakdown items; without any, the first figure items.
std::vector<const center::PanelItem*> ItemsOfChildren(const center::Panel& panel) {
  std::vector<const center::PanelItem*> chosen;
  for (const center::PanelItem& item : panel.items) {
    if (item.kind == "breakdown") chosen.push_back(&item);
  }
  for (const center::PanelItem& item : panel.items) {
    if (!chosen.empty() && chosen.front()->kind == "breakdown") break;
    if (item.kind == "figure" && chosen.size() < kChildFigures) chosen.push_back(&item);
  }
  return chosen;
}

void ReadChildren(const indicators::View& view, PanelReading& reading) {
  const model::TreeKind tree = reading.panel->tree;
  const auto items = ItemsOfChildren(*reading.panel);
  if (items.empty()) return;
  for (const model::UnitId unit : ChildrenByCode(view, tree, reading.unit, reading.territory)) {
    if (view.patience.IsOver()) return;
    PanelReading::Child child{unit, {}};
    for (const center::PanelItem* item : items) {
      child.figures.push_back(
          {indicators::ReadFigure(view, {item->indicator, tree, unit,
                                         PeriodOf(view, *item, reading.period), reading.territory}),
           std::nullopt,
           {}});
    }
    reading.children.push_back(std::move(child));
  }
}

std::string ItemJson(const PanelReading& reading, std::size_t position, Passport passport) {
  const FigureForm form{reading.center, &reading.standings, passport, false};
  JsonWriter json;
  json.BeginObject();
  json.Integer("position", static_cast<std::int64_t>(position));
  json.Text("kind", reading.panel->items[position].kind);
  json.BeginObject("figure");
  WriteFigure(json, form, reading.items[position]);
  json.EndObject();
  WriteTrend(json, reading.items[position].trend);
  json.EndObject();
  return json.Take();
}

std::string ChildJson(const PanelReading& reading, const PanelReading::Child& child) {
  const FigureForm form{reading.center, nullptr, Passport::kNone, false};
  JsonWriter json;
  json.BeginObject();
  WriteUnitName(json, "unit", reading.center->TreeOf(reading.panel->tree).Get(child.unit));
  json.BeginArray("figures");
  for (const ShownFigure& shown : child.figures) {
    json.BeginObject();
    WriteFigure(json, form, shown);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

/// The answer around items and children that are rendered already.
std::string Assemble(const PanelReading& reading, const std::optional<base::Timestamp>& as_of,
                     const std::vector<std::string>& items,
                     const std::vector<std::string>& children) {
  const model::UnitTree& tree = reading.center->TreeOf(reading.panel->tree);
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, reading.snapshot);
  json.Moment("as_of", as_of);
  WritePanelTitle(json, "panel", *reading.panel);
  json.BeginObject("unit");
  json.Text("code", tree.Get(reading.unit).code);
  json.Localized("name", tree.Get(reading.unit).name);
  if (reading.territory && tree.IsValidOn(reading.unit, *reading.territory)) {
    WriteUnitPathOn(json, tree, reading.unit, *reading.territory);
  } else {
    WriteUnitPath(json, tree, reading.unit);
  }
  json.EndObject();
  if (reading.period) {
    WritePeriod(json, "period", *reading.center, *reading.period);
  } else {
    json.Null("period");
  }
  json.Text("territory", TextOfTerritory(reading.territory));
  json.BeginArray("items");
  for (const std::string& item : items) json.RawItem(item);
  json.EndArray();
  json.BeginArray("children");
  for (const std::string& child : children) json.RawItem(child);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

void AddSources(const PanelReading& reading, live::State& state) {
  std::set<std::string> names;
  for (const ShownFigure& shown : reading.items) {
    names.insert(shown.figure.sources.begin(), shown.figure.sources.end());
  }
  for (const std::string& name : names) {
    const indicators::SourceStanding& standing = reading.standings.at(name);
    JsonWriter json;
    WritePassportSource(json, *reading.center->FindSource(name), standing);
    state.pieces.push_back({kSources, name, json.Take(),
                            base::FingerprintOf(LastingText(standing, PhaseOf(reading.unit)))});
  }
}

/// Since when and why.
std::string TextOf(const indicators::SourceTrouble* trouble) {
  if (trouble == nullptr) return "";
  return std::to_string(trouble->since.time_since_epoch().count()) + " " + trouble->reason;
}

std::string ShapeOf(const PanelReading& reading) {
  std::string shape = reading.snapshot.center_revision;
  shape.append("/")
      .append(reading.panel->name)
      .append("/")
      .append(std::to_string(reading.unit.value));
  for (const ShownFigure& item : reading.items) {
    shape.append("/").append(model::ToText(item.figure.key.period));
  }
  return shape;
}

}  // namespace

PanelReading ReadPanel(const indicators::View& view, const PanelQuestion& question) {
  const center::Panel& panel = question.panel;
  PanelReading reading;
  reading.center = view.center;
  reading.panel = &panel;
  reading.unit = question.unit;
  reading.period = question.period;
  reading.territory = question.territory;
  reading.snapshot = view.snapshot;
  reading.standings = ReadStandings(view);
  for (const center::PanelItem& item : panel.items) {
    if (view.patience.IsOver()) return reading;
    const model::FigureKey key{item.indicator, panel.tree, question.unit,
                               PeriodOf(view, item, question.period), question.territory};
    reading.items.push_back({indicators::ReadFigure(view, key), std::nullopt,
                             ReadTrend(view, key, item.trend_periods)});
  }
  ReadChildren(view, reading);
  return reading;
}

std::string RenderPanel(const PanelReading& reading, const std::optional<base::Timestamp>& as_of) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    items.push_back(ItemJson(reading, i, Passport::kWhole));
  }
  std::vector<std::string> children;
  for (const auto& child : reading.children) children.push_back(ChildJson(reading, child));
  return Assemble(reading, as_of, items, children);
}

std::string LastingText(const indicators::SourceStanding& standing,
                        std::chrono::milliseconds phase) {
  const auto& conditions = standing.conditions;
  const auto heard = standing.facts.last_sign_of_life.value_or(base::Timestamp());
  const auto moved =
      std::chrono::floor<std::chrono::milliseconds>(heard).time_since_epoch() + phase;
  return std::string(NameOf(standing.state)) + "/" + std::string(NameOf(standing.answer)) + "/" +
         TextOf(standing.trouble()) + "/" +
         TextOf(conditions.paused ? &*conditions.paused : nullptr) + "/" +
         std::to_string(moved / kToldAgain);
}

std::vector<std::string> LiveLists() { return {"items", "children", "sources"}; }

live::State RenderPanelState(const PanelReading& reading) {
  live::State state;
  state.id = {reading.snapshot.sequence.value, reading.snapshot.tick.time_since_epoch().count()};
  state.shape = ShapeOf(reading);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    items.push_back(ItemJson(reading, i, Passport::kWhole));
    state.pieces.push_back({kItems, std::to_string(i), items.back(),
                            base::FingerprintOf(ItemJson(reading, i, Passport::kLasting))});
  }
  std::vector<std::string> children;
  const model::UnitTree& tree = reading.center->TreeOf(reading.panel->tree);
  for (const auto& child : reading.children) {
    children.push_back(ChildJson(reading, child));
    state.pieces.push_back({kChildren, tree.Get(child.unit).code, children.back(),
                            base::FingerprintOf(children.back())});
  }
  AddSources(reading, state);
  state.whole = Assemble(reading, std::nullopt, items, children);
  JsonWriter head;
  head.BeginObject();
  WriteSnapshot(head, reading.snapshot);
  head.EndObject();
  const std::string wrapped = head.Take();
  constexpr std::string_view kPrefix = "{\"snapshot\":";
  state.head = wrapped.substr(kPrefix.size(), wrapped.size() - kPrefix.size() - 1);
  return state;
}

void WritePanelTitle(JsonWriter& json, std::string_view name, const center::Panel& panel) {
  name.empty() ? json.BeginObject() : json.BeginObject(name);
  json.Text("name", panel.name);
  json.Localized("title", panel.title);
  json.Text("system", panel.system);
  json.Text("tree", NameOf(panel.tree));
  json.Text("regime", panel.regime->name());
  json.EndObject();
}

void WriteUnitPath(JsonWriter& json, const model::UnitTree& tree, model::UnitId unit) {
  json.BeginArray("path");
  for (const model::UnitId id : tree.PathTo(unit)) WriteUnitName(json, "", tree.Get(id));
  json.EndArray();
}

}  // namespace fansipan::http
