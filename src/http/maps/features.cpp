#include "http/maps/features.h"

#include <algorithm>

#include "center/calendar_notices.h"
#include "http/maps/map_links.h"
#include "http/rendering/figure_rendering.h"

namespace fansipan::http {
namespace {

/// A unit, and the day as of which it is shown.
struct ShownUnit {
  model::UnitId id;
  model::Date day;
};

bool LiesIn(const MapQuestion& question, const model::Unit& unit) {
  if (!question.box) return true;
  return unit.longitude && unit.latitude && question.box->Holds(*unit.longitude, *unit.latitude);
}

std::string GeometryOf(const model::Unit& unit) {
  if (!unit.longitude || !unit.latitude) return "null";
  return PointText(DegreesText(*unit.longitude), DegreesText(*unit.latitude));
}

void WriteNames(JsonWriter& json, const center::Center& center, const model::LocalizedText& name) {
  json.Text("name", model::TextIn(name, center.languages.front()));
  for (std::size_t i = 1; i < center.languages.size(); ++i) {
    json.Text("name_" + center.languages[i], model::TextIn(name, center.languages[i]));
  }
}

void WriteNumber(JsonWriter& json, std::string_view name,
                 const std::optional<model::Decimal>& number) {
  number ? json.Raw(name, number->ToText()) : json.Null(name);
}

/// Units that exist on one of the days asked for, today when none is.
std::vector<ShownUnit> UnitsAskedFor(const Call& call, const MapQuestion& question) {
  const model::UnitTree& tree = call.center().territory;
  const model::Date today = center::DayAt(call.center(), call.services->clock->Now());
  const DaySpan days = question.days.value_or(DaySpan{today, today});
  std::vector<ShownUnit> units;
  for (std::uint32_t index = 0; index < tree.size(); ++index) {
    const model::UnitId id{index};
    const model::Unit& unit = tree.Get(id);
    const bool begun = !days.to || unit.valid_from <= *days.to;
    const bool ended = days.from && unit.valid_to && *unit.valid_to <= *days.from;
    if (!begun || ended || !LiesIn(question, unit)) continue;
    const model::Date day = days.to.value_or(std::max(today, *days.from));
    units.push_back({id, tree.NearestDayOf(id, day)});
  }
  return units;
}

MapFeature UnitFeature(const center::Center& center, const ShownUnit& shown) {
  const model::Unit& unit = center.territory.Get(shown.id);
  const model::UnitState& state = *center.territory.FindStateOn(shown.id, shown.day);
  JsonWriter json;
  json.BeginObject();
  json.Text("code", unit.code);
  json.Text("level", state.level);
  WriteNames(json, center, state.name);
  json.TextOrNull("parent",
                  state.parent == model::kNoUnit ? "" : center.territory.Get(state.parent).code);
  WriteNumber(json, "area_km2", unit.area_km2);
  json.Text("valid_from", model::ToText(model::Value(unit.valid_from)));
  json.TextOrNull("valid_to", unit.valid_to ? model::ToText(model::Value(*unit.valid_to)) : "");
  json.EndObject();
  return {EncodeFeatureId({unit.code}), GeometryOf(unit), json.Take()};
}

MapFeature FigureFeature(const center::Center& center, const model::Figure& figure,
                         model::Date day) {
  const model::Indicator& indicator = *center.FindIndicator(figure.key.indicator);
  const model::Unit& unit = center.territory.Get(figure.key.unit);
  const model::UnitState* state = center.territory.FindStateOn(figure.key.unit, day);
  JsonWriter json;
  json.BeginObject();
  json.Text("code", unit.code);
  json.Text("level", state != nullptr ? state->level : unit.level);
  WriteNames(json, center, state != nullptr ? state->name : unit.name);
  json.Text("indicator", indicator.name);
  json.Text("title", model::TextIn(indicator.title, center.languages.front()));
  json.Text("period", model::ToText(figure.key.period));
  WriteNumber(json, "value", figure.value);
  json.TextOrNull("no_value_reason", figure.value ? "" : figure.no_value_reason);
  json.Text("unit_of_measure", indicator.unit_of_measure);
  json.Integer("decimals", indicator.decimals);
  json.Text("judgement", NameOf(figure.judgement));
  json.TextOrNull("not_judged_reason", figure.not_judged_reason);
  json.BeginArray("trust_marks");
  for (const model::TrustMark mark : figure.trust) json.TextItem(NameOf(mark));
  json.EndArray();
  WriteNumber(json, "target", figure.target);
  json.Moment("data_as_of", figure.data_as_of);
  json.Moment("as_of", figure.snapshot.tick);
  json.EndObject();
  return {EncodeFeatureId({unit.code}), GeometryOf(unit), json.Take()};
}

/// The page of `units` behind the cursor: their codes in order.
template <typename Unit, typename IdOf>
std::vector<Unit> TakePage(const Call& call, std::vector<Unit> units, const MapQuestion& question,
                           const IdOf& id_of, FeaturePage& page) {
  const model::UnitTree& tree = call.center().territory;
  const auto code = [&](const Unit& unit) -> const std::string& {
    return tree.Get(id_of(unit)).code;
  };
  page.matched = units.size();
  std::ranges::sort(units,
                    [&](const Unit& left, const Unit& right) { return code(left) < code(right); });
  std::erase_if(units, [&](const Unit& unit) { return code(unit) <= question.cursor; });
  if (units.size() > question.limit) {
    units.resize(question.limit);
    page.next = code(units.back());
  }
  return units;
}

FeaturePage FindUnitFeatures(const Call& call, const MapQuestion& question) {
  FeaturePage page;
  const auto units = TakePage(
      call, UnitsAskedFor(call, question), question,
      [](const ShownUnit& shown) { return shown.id; }, page);
  for (const ShownUnit& shown : units) page.features.push_back(UnitFeature(call.center(), shown));
  return page;
}

std::vector<model::UnitId> UnitsOfFigures(const indicators::View& view) {
  return ChildrenByCode(view, model::TreeKind::kTerritory, view.center->territory.root(),
                        std::nullopt);
}

model::Figure ReadCurrent(const indicators::View& view, const center::Layer& layer,
                          model::UnitId unit) {
  const base::LocalTime now = view.center->time_zone.ToLocal(view.snapshot.tick);
  const model::Period period = model::PeriodContaining(*layer.regime, *layer.period, now);
  return indicators::ReadFigure(
      view, {layer.indicator, model::TreeKind::kTerritory, unit, period, std::nullopt});
}

base::Result<FeaturePage> FindFigureFeatures(Call& call, const center::Layer& layer,
                                             const MapQuestion& question) {
  FeaturePage page;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      std::nullopt,
      [&](const indicators::View& view) {
        const model::Date day = center::DayAt(*view.center, view.snapshot.tick);
        std::vector<model::UnitId> units = UnitsOfFigures(view);
        std::erase_if(units, [&](model::UnitId unit) {
          return !LiesIn(question, view.center->territory.Get(unit));
        });
        units = TakePage(
            call, std::move(units), question, [](model::UnitId unit) { return unit; }, page);
        for (const model::UnitId unit : units) {
          if (view.patience.IsOver()) return;
          page.features.push_back(FigureFeature(*view.center, ReadCurrent(view, layer, unit), day));
        }
      },
      call.patience));
  return page;
}

/// The unit that the path's id names.
std::optional<model::UnitId> FindUnit(const Call& call) {
  const auto texts = DecodeFeatureId(call.PathText("id"));
  if (!texts || texts->size() != 1) return std::nullopt;
  return call.center().territory.FindByCode(texts->front());
}

base::Result<MapFeature> GetUnitFeature(const Call& call) {
  const auto id = FindUnit(call);
  if (!id) return UnknownFeature(call);
  const model::Date today = center::DayAt(call.center(), call.services->clock->Now());
  return UnitFeature(call.center(), {*id, call.center().territory.NearestDayOf(*id, today)});
}

base::Result<MapFeature> GetFigureFeature(Call& call, const center::Layer& layer) {
  const auto id = FindUnit(call);
  if (!id) return UnknownFeature(call);
  std::optional<MapFeature> feature;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      std::nullopt,
      [&](const indicators::View& view) {
        const auto units = UnitsOfFigures(view);
        if (std::ranges::find(units, *id) == units.end()) return;
        feature = FigureFeature(*view.center, ReadCurrent(view, layer, *id),
                                center::DayAt(*view.center, view.snapshot.tick));
      },
      call.patience));
  if (!feature) return UnknownFeature(call);
  return *std::move(feature);
}

}  // namespace

std::string PointText(std::string_view longitude, std::string_view latitude) {
  std::string text = R"({"type":"Point","coordinates":[)";
  return text.append(longitude).append(",").append(latitude).append("]}");
}

base::Error UnknownFeature(const Call& call) {
  return {
      base::ErrorCode::kNotFound, "unknown_feature",
      "layer '" + call.PathText("layer") + "' has no feature '" + call.PathText("id") + "' now"};
}

base::Result<FeaturePage> FindFeatures(Call& call, const MapLayer& layer,
                                       const MapQuestion& question) {
  if (layer.declared == nullptr) return FindUnitFeatures(call, question);
  if (layer.declared->of_records()) return FindRecordFeatures(call, *layer.declared, question);
  return FindFigureFeatures(call, *layer.declared, question);
}

base::Result<MapFeature> GetFeature(Call& call, const MapLayer& layer) {
  if (layer.declared == nullptr) return GetUnitFeature(call);
  if (layer.declared->of_records()) return GetRecordFeature(call, *layer.declared);
  return GetFigureFeature(call, *layer.declared);
}

}  // namespace fansipan::http
