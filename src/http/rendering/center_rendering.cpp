#include "http/rendering/center_rendering.h"

#include "http/rendering/figure_rendering.h"

namespace fansipan::http {

void WriteCenterName(JsonWriter& json, const center::Center& center) {
  json.Text("name", center.name);
  json.Localized("title", center.title);
  json.BeginArray("languages");
  for (const std::string& language : center.languages) json.TextItem(language);
  json.EndArray();
  json.Text("time_zone", center.time_zone.name());
  json.Text("revision", center.revision);
}

void WriteIndicator(JsonWriter& json, const model::Indicator& indicator) {
  json.BeginObject();
  json.Text("name", indicator.name);
  json.Localized("title", indicator.title);
  json.Localized("description", indicator.description);
  json.Text("system", indicator.system);
  json.Text("unit_of_measure", indicator.unit_of_measure);
  json.Integer("decimals", indicator.decimals);
  json.Text("better", NameOf(indicator.better));
  json.Text("formula", indicator.reported ? "" : model::ToText(indicator.formula));
  json.TextOrNull("reported", indicator.reported ? indicator.reported->dataset : "");
  if (indicator.thresholds) {
    json.BeginObject("thresholds");
    json.Decimal("good", indicator.thresholds->good);
    json.Decimal("watch", indicator.thresholds->watch);
    json.Localized("basis", indicator.thresholds->basis);
    json.EndObject();
  } else {
    json.Null("thresholds");
  }
  json.Integer("freshness_seconds",
               indicator.freshness ? std::optional(SecondsOf(*indicator.freshness)) : std::nullopt);
  json.BeginArray("targets");
  for (const model::Target& target : indicator.targets) {
    json.BeginObject();
    json.Decimal("value", target.value);
    json.TextOrNull("unit", target.unit);
    json.TextOrNull("period", target.period);
    json.TextOrNull("decided_on",
                    target.decided_on ? model::ToText(model::Value(*target.decided_on)) : "");
    json.Localized("basis", target.basis);
    json.EndObject();
  }
  json.EndArray();
  json.TextOrNull("pace_calendar", indicator.pace ? indicator.pace->calendar : "");
  json.EndObject();
}

void WriteDate(JsonWriter& json, std::string_view name, const std::optional<model::Date>& day) {
  json.TextOrNull(name, day ? model::ToText(model::Value(*day)) : "");
}

void WriteUnit(JsonWriter& json, const model::UnitTree& tree, model::UnitId id, model::Date day) {
  const model::Unit& unit = tree.Get(id);
  const model::Date nearest = tree.NearestDayOf(id, day);
  const model::UnitState& state = *tree.FindStateOn(id, nearest);
  json.Text("code", unit.code);
  json.Text("level", state.level);
  json.Localized("name", state.name);
  json.Localized("full_name", state.full_name);
  json.TextOrNull("parent", state.parent == model::kNoUnit ? "" : tree.Get(state.parent).code);
  WriteDate(json, "valid_from", unit.valid_from);
  WriteDate(json, "valid_to", unit.valid_to);
  json.Number("latitude", unit.latitude);
  json.Number("longitude", unit.longitude);
  json.Decimal("area_km2", unit.area_km2);
  json.Integer("children", static_cast<std::int64_t>(tree.ChildrenOn(id, nearest).size()));
}

void WriteUnitPathOn(JsonWriter& json, const model::UnitTree& tree, model::UnitId id,
                     model::Date day) {
  const model::Date nearest = tree.NearestDayOf(id, day);
  json.BeginArray("path");
  for (const model::UnitId above : tree.PathOn(id, nearest)) {
    json.BeginObject();
    json.Text("code", tree.Get(above).code);
    json.Localized("name", tree.FindStateOn(above, nearest)->name);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace fansipan::http
