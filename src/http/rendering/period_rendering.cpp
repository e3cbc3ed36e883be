#include "http/rendering/period_rendering.h"

namespace fansipan::http {
namespace {

void WriteDue(JsonWriter& json, const center::Center& center, const model::Period& period) {
  const auto due = center.DueAt(period);
  if (!due) {
    json.Null("due_at");
    json.Null("due_coverage");
    return;
  }
  json.Moment("due_at", due->value);
  json.Text("due_coverage", NameOf(due->coverage));
}

void WriteKind(JsonWriter& json, const model::PeriodKind& kind) {
  json.BeginObject();
  json.Text("name", kind.name);
  json.Localized("title", kind.title);
  json.Flag("cumulative", kind.cumulative);
  if (kind.due) {
    json.BeginObject("due");
    json.Integer("working_days", std::int64_t{kind.due->working_days});
    json.Text("calendar", kind.due->calendar);
    json.Localized("basis", kind.due->basis);
    json.EndObject();
  } else {
    json.Null("due");
  }
  json.EndObject();
}

void WriteRegime(JsonWriter& json, const model::Regime& regime) {
  json.BeginObject();
  json.Text("name", regime.name());
  json.Localized("title", regime.title());
  json.Localized("basis", regime.basis());
  json.BeginArray("kinds");
  for (const model::PeriodKind& kind : regime.kinds()) WriteKind(json, kind);
  json.EndArray();
  json.EndObject();
}

}  // namespace

void WritePeriod(JsonWriter& json, std::string_view name, const center::Center& center,
                 const model::Period& period, PeriodForm form) {
  name.empty() ? json.BeginObject() : json.BeginObject(name);
  json.Text("text", model::ToText(period));
  json.Text("regime", period.regime->name());
  json.Text("kind", period.kind->name);
  json.Moment("from", center.time_zone.ToUtc(period.from));
  json.Moment("to", center.time_zone.ToUtc(period.to));
  if (form == PeriodForm::kShort) {
    WriteLabelUnlessCalendar(json, period);
  } else {
    json.Localized("label", model::LabelOf(period));
    json.Localized("regime_title", period.regime->title());
    json.Localized("kind_title", period.kind->title);
    json.Text("previous", model::ToText(model::Shift(period, -1)));
    json.Text("next", model::ToText(model::Shift(period, 1)));
    WriteDue(json, center, period);
  }
  json.EndObject();
}

void WriteLabelUnlessCalendar(JsonWriter& json, const model::Period& period) {
  if (!period.regime->is_calendar()) json.Localized("label", model::LabelOf(period));
}

void WriteRegimes(JsonWriter& json, const center::Center& center) {
  json.BeginArray("regimes");
  WriteRegime(json, model::Regime::Calendar());
  for (const auto& regime : center.regimes) WriteRegime(json, *regime);
  json.EndArray();
}

}  // namespace fansipan::http
