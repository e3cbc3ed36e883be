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
  json.Text("formula", model::ToText(indicator.formula));
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

void WriteUnit(JsonWriter& json, const model::UnitTree& tree, model::UnitId id) {
  const model::Unit& unit = tree.Get(id);
  json.Text("code", unit.code);
  json.Text("level", unit.level);
  json.Localized("name", unit.name);
  json.Localized("full_name", unit.full_name);
  json.TextOrNull("parent", unit.parent == model::kNoUnit ? "" : tree.Get(unit.parent).code);
  json.Number("latitude", unit.latitude);
  json.Number("longitude", unit.longitude);
  json.Decimal("area_km2", unit.area_km2);
  json.Integer("children", static_cast<std::int64_t>(tree.ChildrenOf(id).size()));
}

}  // namespace fansipan::http
