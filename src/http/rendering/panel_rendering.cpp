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

enum List : std::size_t { kItems, kChildren, kSources, kWidgets };

model::FigureKey KeyOf(const indicators::View& view, const PanelQuestion& question,
                       const center::PanelItem& item) {
  model::FigureKey key{item.indicator, question.panel.tree, question.unit, {}, question.territory};
  key.period = question.period ? *question.period : PeriodOf(view, item, key);
  return key;
}

/// Sources of all that the panel shows, by name.
std::set<std::string> SourcesShown(const PanelReading& reading) {
  std::set<std::string> names;
  for (const ShownFigure& shown : reading.items) {
    names.insert(shown.figure.sources.begin(), shown.figure.sources.end());
  }
  for (const WidgetReading& widget : reading.widgets) {
    if (!widget.shown) continue;
    names.insert(widget.shown->figure.sources.begin(), widget.shown->figure.sources.end());
  }
  return names;
}

void ReadWidgets(const indicators::View& view, const PanelQuestion& question,
                 PanelReading& reading) {
  for (const center::PanelWidget& widget : question.panel.widgets) {
    if (view.patience.IsOver()) return;
    reading.widgets.push_back(ReadWidget(view, widget, KeyOf(view, question, widget.item)));
  }
  const std::set<std::string> sources = SourcesShown(reading);
  for (WidgetReading& widget : reading.widgets) {
    if (widget.widget->item.kind != "sources") continue;
    widget.sources.assign(sources.begin(), sources.end());
  }
}

/// Places of the breakdown items; without any, of the first figure items.
std::vector<std::size_t> ItemsOfChildren(const center::Panel& panel) {
  std::vector<std::size_t> breakdowns;
  std::vector<std::size_t> figures;
  for (std::size_t i = 0; i < panel.items.size(); ++i) {
    const std::string& kind = panel.items[i].kind;
    if (kind == "breakdown") breakdowns.push_back(i);
    if (kind == "figure" && figures.size() < kChildFigures) figures.push_back(i);
  }
  return breakdowns.empty() ? figures : breakdowns;
}

/// In the periods of the panel's items.
void ReadChildren(const indicators::View& view, PanelReading& reading) {
  const model::TreeKind tree = reading.panel->tree;
  const auto items = ItemsOfChildren(*reading.panel);
  if (items.empty()) return;
  for (const model::UnitId unit : ChildrenByCode(view, tree, reading.unit, reading.territory)) {
    if (view.patience.IsOver()) return;
    PanelReading::Child child{unit, {}};
    for (const std::size_t item : items) {
      model::FigureKey key = reading.items[item].figure.key;
      key.unit = unit;
      child.figures.push_back({indicators::ReadFigure(view, key), std::nullopt, {}});
    }
    reading.children.push_back(std::move(child));
  }
}

/// Says that the period is not the running one where the item shows the last that has a value.
void WriteLatest(JsonWriter& json, const PanelReading& reading, const center::PanelItem& item,
                 const ShownFigure& shown) {
  const base::LocalTime now = reading.center->time_zone.ToLocal(reading.snapshot.tick);
  if (item.latest && !reading.period && shown.figure.key.period.to <= now) {
    json.Flag("latest", true);
  }
}

std::string WidgetJson(const PanelReading& reading, const WidgetReading& widget,
                       Passport passport) {
  const FigureForm form{reading.center, &reading.standings, passport, false};
  JsonWriter json;
  json.BeginObject();
  const center::PanelItem& item = widget.widget->item;
  json.Integer("position", item.position);
  json.Text("kind", item.kind);
  if (widget.shown) WriteLatest(json, reading, item, *widget.shown);
  WriteWidget(json, form, widget);
  json.EndObject();
  return json.Take();
}

std::string ItemJson(const PanelReading& reading, std::size_t position, Passport passport) {
  const FigureForm form{reading.center, &reading.standings, passport, false};
  JsonWriter json;
  json.BeginObject();
  const center::PanelItem& item = reading.panel->items[position];
  json.Integer("position", item.position);
  json.Text("kind", item.kind);
  WriteLatest(json, reading, item, reading.items[position]);
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

/// Parts of an answer that are rendered already.
struct RenderedParts {
  std::vector<std::string> items;
  std::vector<std::string> children;
  std::vector<std::string> widgets;
};

void WriteParts(JsonWriter& json, std::string_view name, const std::vector<std::string>& parts) {
  json.BeginArray(name);
  for (const std::string& part : parts) json.RawItem(part);
  json.EndArray();
}

std::string Assemble(const PanelReading& reading, const std::optional<base::Timestamp>& as_of,
                     const RenderedParts& parts) {
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
  WriteParts(json, "items", parts.items);
  WriteParts(json, "children", parts.children);
  if (!parts.widgets.empty()) WriteParts(json, "widgets", parts.widgets);
  json.EndObject();
  return json.Take();
}

void AddSources(const PanelReading& reading, live::State& state) {
  for (const std::string& name : SourcesShown(reading)) {
    const indicators::SourceStanding& standing = reading.standings.at(name);
    JsonWriter json;
    WritePassportSource(json, *reading.center->FindSource(name), standing);
    state.pieces.push_back({kSources, name, json.Take(),
                            base::FingerprintOf(LastingText(standing, PhaseOf(reading.unit)))});
  }
}

/// As they are rendered for a whole answer.
std::vector<std::string> AddWidgets(const PanelReading& reading, live::State& state) {
  std::vector<std::string> widgets;
  for (const WidgetReading& widget : reading.widgets) {
    widgets.push_back(WidgetJson(reading, widget, Passport::kWhole));
    state.pieces.push_back({kWidgets, std::to_string(widget.widget->item.position), widgets.back(),
                            base::FingerprintOf(WidgetJson(reading, widget, Passport::kLasting))});
  }
  return widgets;
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
  for (const WidgetReading& widget : reading.widgets) {
    if (!widget.shown) continue;
    shape.append("/").append(model::ToText(widget.shown->figure.key.period));
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
    const model::FigureKey key = KeyOf(view, question, item);
    reading.items.push_back({indicators::ReadFigure(view, key), std::nullopt,
                             ReadTrend(view, key, item.trend_periods)});
  }
  ReadChildren(view, reading);
  ReadWidgets(view, question, reading);
  return reading;
}

std::string RenderPanel(const PanelReading& reading, const std::optional<base::Timestamp>& as_of) {
  RenderedParts parts;
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    parts.items.push_back(ItemJson(reading, i, Passport::kWhole));
  }
  for (const auto& child : reading.children) parts.children.push_back(ChildJson(reading, child));
  for (const WidgetReading& widget : reading.widgets) {
    parts.widgets.push_back(WidgetJson(reading, widget, Passport::kWhole));
  }
  return Assemble(reading, as_of, parts);
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

std::vector<std::string> LiveLists() { return {"items", "children", "sources", "widgets"}; }

live::State RenderPanelState(const PanelReading& reading) {
  live::State state;
  state.id = {reading.snapshot.sequence.value, reading.snapshot.tick.time_since_epoch().count()};
  state.shape = ShapeOf(reading);
  RenderedParts parts;
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    parts.items.push_back(ItemJson(reading, i, Passport::kWhole));
    state.pieces.push_back({kItems, std::to_string(i), parts.items.back(),
                            base::FingerprintOf(ItemJson(reading, i, Passport::kLasting))});
  }
  const model::UnitTree& tree = reading.center->TreeOf(reading.panel->tree);
  for (const auto& child : reading.children) {
    parts.children.push_back(ChildJson(reading, child));
    state.pieces.push_back({kChildren, tree.Get(child.unit).code, parts.children.back(),
                            base::FingerprintOf(parts.children.back())});
  }
  AddSources(reading, state);
  parts.widgets = AddWidgets(reading, state);
  state.whole = Assemble(reading, std::nullopt, parts);
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
