#include "http/rendering/reported_rendering.h"

#include <string>

#include "http/rendering/figure_rendering.h"
#include "http/rendering/period_rendering.h"

namespace fansipan::http {
namespace {

std::int64_t NumberOf(model::Sequence sequence) {
  return static_cast<std::int64_t>(sequence.value);
}

}  // namespace

void WriteStated(JsonWriter& json, const std::optional<model::StatedValue>& stated) {
  if (!stated) return json.Null("reported");
  json.BeginObject("reported");
  json.Text("dataset", stated->dataset);
  json.TextOrNull("series", stated->series);
  json.Text("vintage", stated->vintage);
  json.Localized("vintage_title", stated->vintage_title);
  json.Flag("last_vintage", stated->last_vintage);
  json.TextOrNull("signer", stated->signer);
  json.TextOrNull("note", stated->note);
  json.TextOrNull("source", stated->source);
  json.Integer("version", NumberOf(stated->version));
  json.Integer("delivery", NumberOf(stated->delivery));
  json.Moment("recorded_at", stated->recorded_at);
  json.Integer("statements", static_cast<std::int64_t>(stated->statements));
  json.EndObject();
}

void WriteComparison(JsonWriter& json, const center::Center& center,
                     const model::Comparison& comparison) {
  const model::CrossCheck& check = *center.FindCrossCheck(comparison.check);
  const model::UnitTree& tree = center.TreeOf(comparison.tree);
  json.BeginObject();
  json.Text("check", check.name);
  json.Localized("title", check.title);
  json.Text("kind", check.kind == model::CrossCheck::Kind::kParts ? "parts" : "pair");
  json.Text("indicator", check.indicator);
  json.TextOrNull("against", check.against);
  json.Text("tree", NameOf(comparison.tree));
  WriteUnitName(json, "unit", tree.Get(comparison.unit));
  WritePeriod(json, "period", center, comparison.period, PeriodForm::kShort);
  json.Text("agreement", NameOf(comparison.agreement));
  json.TextOrNull("reason", comparison.reason);
  json.Decimal("value", comparison.value);
  json.Decimal("other", comparison.other);
  json.Decimal("difference", comparison.difference);
  json.Decimal("allowed", comparison.allowed);
  json.Integer("parts", static_cast<std::int64_t>(comparison.parts));
  json.BeginArray("missing");
  for (const model::UnitId unit : comparison.missing) WriteUnitName(json, "", tree.Get(unit));
  json.EndArray();
  json.EndObject();
}

void WriteComparisons(JsonWriter& json, const center::Center& center,
                      const std::vector<model::Comparison>& comparisons) {
  json.BeginArray("comparisons");
  for (const auto& comparison : comparisons) WriteComparison(json, center, comparison);
  json.EndArray();
}

void WriteStatements(JsonWriter& json, const model::ReportedShape& shape,
                     const std::vector<indicators::KnownStatement>& statements) {
  json.BeginArray("statements");
  for (const auto& [statement, state, difference] : statements) {
    const model::Vintage& vintage = shape.vintages[statement.vintage];
    json.BeginObject();
    json.Integer("version", NumberOf(statement.version));
    json.Text("vintage", vintage.name);
    json.Localized("vintage_title", vintage.title);
    json.Text("state", NameOf(state));
    json.Decimal("value", statement.value);
    json.Decimal("difference", difference);
    json.TextOrNull("signer", statement.signer);
    json.TextOrNull("note", statement.note);
    json.TextOrNull("source", statement.source);
    json.Integer("delivery", NumberOf(statement.delivery));
    json.Moment("recorded_at", statement.recorded_at);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace fansipan::http
