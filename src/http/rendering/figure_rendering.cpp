#include "http/rendering/figure_rendering.h"

#include <algorithm>
#include <chrono>

#include "center/calendar_notices.h"
#include "http/rendering/contract_rendering.h"
#include "http/rendering/period_rendering.h"
#include "http/rendering/reported_rendering.h"
#include "model/days.h"

namespace fansipan::http {
namespace {

void WriteThresholds(JsonWriter& json, const std::optional<model::Thresholds>& thresholds) {
  if (!thresholds) return json.Null("thresholds");
  json.BeginObject("thresholds");
  json.Decimal("good", thresholds->good);
  json.Decimal("watch", thresholds->watch);
  json.Localized("basis", thresholds->basis);
  json.EndObject();
}

void WriteParts(JsonWriter& json, const center::Center& center,
                const std::vector<model::FormulaPart>& parts) {
  json.BeginArray("parts");
  for (const model::FormulaPart& part : parts) {
    json.BeginObject();
    json.Text("name", part.name);
    json.Localized("title", TitleOf(center, part.name));
    json.Text("kind", part.is_measure ? "measure" : "indicator");
    json.Decimal("value", part.value);
    json.Integer("records", static_cast<std::int64_t>(part.is_measure ? part.records : 0));
    json.EndObject();
  }
  json.EndArray();
}

void WriteSources(JsonWriter& json, const FigureForm& form, const model::Figure& figure) {
  json.BeginArray("sources");
  for (const std::string& name : figure.sources) {
    const center::Source* source = form.center->FindSource(name);
    const auto standing = form.standings->find(name);
    if (source == nullptr || standing == form.standings->end()) continue;
    if (form.passport == Passport::kLasting) {
      json.TextItem(name);
    } else {
      WritePassportSource(json, *source, standing->second);
    }
  }
  json.EndArray();
}

void WriteRestatement(JsonWriter& json, const center::Center& center, const model::Figure& figure) {
  if (!figure.restatement) return json.Null("restatement");
  const model::UnitTree& tree = center.TreeOf(figure.key.tree);
  const model::Restatement& restatement = *figure.restatement;
  json.BeginObject("restatement");
  json.Text("territory", TextOfTerritory(restatement.territory));
  json.Text("rule", NameOf(restatement.rule.kind));
  json.TextOrNull("weight", restatement.rule.weight);
  json.TextOrNull("share", restatement.rule.share);
  json.BeginArray("units");
  for (const model::RestatedUnit& unit : restatement.units) {
    json.BeginObject();
    WriteHolding(json, tree.Get(unit.unit), unit.share);
    json.Decimal("value", unit.value);
    json.Decimal("weight", unit.weight);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("missing");
  for (const model::RestatementGap& gap : restatement.gaps) {
    json.BeginObject();
    WriteUnitName(json, "unit", tree.Get(gap.unit));
    json.Text("reason", gap.reason);
    json.TextOrNull("name", gap.name);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WritePassport(JsonWriter& json, const FigureForm& form, const model::Figure& figure) {
  const auto seconds = [](const std::optional<base::Duration>& duration) {
    return duration ? std::optional(SecondsOf(*duration)) : std::nullopt;
  };
  json.BeginObject("passport");
  json.Text("formula", figure.formula);
  WriteStated(json, figure.stated);
  WriteComparisons(json, *form.center, figure.comparisons);
  WriteParts(json, *form.center, figure.parts);
  WriteRestatement(json, *form.center, figure);
  WriteSources(json, form, figure);
  if (form.passport == Passport::kWhole) {
    json.Moment("data_as_of", figure.data_as_of);
    json.Moment("received_at", figure.received_at);
    json.Integer("deliveries", static_cast<std::int64_t>(figure.deliveries));
  }
  json.Integer("records", static_cast<std::int64_t>(figure.records));
  json.Integer("contradicted_records", static_cast<std::int64_t>(figure.contradicted_records));
  json.Integer("freshness_promise_seconds", seconds(figure.freshness_promise));
  if (form.passport == Passport::kWhole) {
    json.Integer("age_seconds", seconds(figure.age));
    WriteSnapshot(json, figure.snapshot);
  }
  json.EndObject();
}

void WriteDimension(JsonWriter& json, const indicators::DimensionFilter& dimension) {
  json.BeginObject("dimension");
  json.Text("column", dimension.column);
  json.TextOrNull("value", dimension.value);
  json.EndObject();
}

/// A passport may be public: it says since when and why, and neither who nor where.
void WriteReason(JsonWriter& json, std::string_view name,
                 const indicators::SourceTrouble* trouble) {
  if (trouble == nullptr) return json.Null(name);
  json.BeginObject(name);
  json.Moment("since", trouble->since);
  json.Text("reason", trouble->reason);
  json.EndObject();
}

}  // namespace

std::int64_t SecondsOf(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

Standings ReadStandings(const indicators::View& view) {
  Standings standings;
  for (const center::Source& source : view.center->sources) {
    standings.emplace(source.name, indicators::StandingOf(view, source));
  }
  return standings;
}

std::vector<TrendPoint> ReadTrend(const indicators::View& view, const model::FigureKey& key,
                                  std::size_t count) {
  std::vector<TrendPoint> trend;
  trend.reserve(count);
  for (std::size_t i = count; i > 0 && !view.patience.IsOver(); --i) {
    model::FigureKey at = key;
    at.period = model::Shift(key.period, -static_cast<int>(i - 1));
    const model::Figure figure = indicators::ReadPoint(view, at);
    const bool changed =
        !trend.empty() && !key.territory &&
        view.territories->HasChanged(key.tree, key.unit, model::LastDayOf(trend.back().period),
                                     model::LastDayOf(at.period));
    trend.push_back({at.period, figure.value, figure.no_value_reason, figure.judgement,
                     figure.trust.contains(model::TrustMark::kRestated), changed});
  }
  return trend;
}

std::string TextOfTerritory(const std::optional<model::Date>& territory) {
  return territory ? model::ToText(model::Value(*territory)) : "as_reported";
}

std::vector<model::UnitId> ChildrenByCode(const indicators::View& view, model::TreeKind kind,
                                          model::UnitId unit,
                                          const std::optional<model::Date>& territory) {
  const model::UnitTree& tree = view.center->TreeOf(kind);
  std::vector<model::UnitId> children =
      territory ? view.territories->On(kind, *territory, "")->ChildrenOf(unit)
                : tree.ChildrenOn(unit, center::DayAt(*view.center, view.snapshot.tick));
  std::sort(children.begin(), children.end(), [&](model::UnitId left, model::UnitId right) {
    return tree.Get(left).code < tree.Get(right).code;
  });
  return children;
}

void WriteHolding(JsonWriter& json, const model::Unit& unit,
                  const std::optional<model::Decimal>& share) {
  WriteUnitName(json, "unit", unit);
  json.Decimal("share", share);
}

std::string NamedIn(const std::string& part) {
  const std::size_t open = part.find('(');
  if (open == std::string::npos || part.back() != ')') return part;
  return part.substr(open + 1, part.size() - open - 2);
}

const model::LocalizedText& TitleOf(const center::Center& center, const std::string& part) {
  static const model::LocalizedText kNone;
  const std::string name = NamedIn(part);
  if (const auto* measure = center.FindMeasure(name)) return measure->title;
  if (const auto* indicator = center.FindIndicator(name)) return indicator->title;
  return kNone;
}

void WriteSnapshot(JsonWriter& json, const model::Snapshot& snapshot) {
  json.BeginObject("snapshot");
  json.Integer("sequence", static_cast<std::int64_t>(snapshot.sequence.value));
  json.Moment("tick", snapshot.tick);
  json.Text("center_revision", snapshot.center_revision);
  json.EndObject();
}

void WriteTrend(JsonWriter& json, const std::vector<TrendPoint>& trend) {
  json.BeginArray("trend");
  for (const TrendPoint& point : trend) {
    json.BeginObject();
    json.Text("period", model::ToText(point.period));
    WriteLabelUnlessCalendar(json, point.period);
    json.Decimal("value", point.value);
    json.TextOrNull("no_value_reason", point.value ? "" : point.no_value_reason);
    json.Text("judgement", NameOf(point.judgement));
    json.Flag("restated", point.restated);
    json.Flag("territory_changed", point.territory_changed);
    json.EndObject();
  }
  json.EndArray();
}

void WriteUnitName(JsonWriter& json, std::string_view name, const model::Unit& unit) {
  name.empty() ? json.BeginObject() : json.BeginObject(name);
  json.Text("code", unit.code);
  json.Localized("name", unit.name);
  json.EndObject();
}

void WriteOldCodes(JsonWriter& json, const std::optional<indicators::OldCodesSent>& sent) {
  if (!sent) return json.Null("old_codes");
  json.BeginObject("old_codes");
  json.Integer("rows", static_cast<std::int64_t>(sent->codes.rows));
  json.Text("ended", model::ToText(model::Value(sent->codes.ended)));
  json.Integer("delivery", static_cast<std::int64_t>(sent->delivery.value));
  json.Moment("received_at", sent->received_at);
  json.EndObject();
}

void WritePassportSource(JsonWriter& json, const center::Source& source,
                         const indicators::SourceStanding& standing) {
  json.BeginObject();
  json.Text("name", source.name);
  json.Localized("title", source.title);
  json.Flag("simulated", source.simulated);
  json.Text("state", NameOf(standing.state));
  json.Moment("since", standing.since);
  json.Text("answer", NameOf(standing.answer));
  WriteReason(json, "trouble", standing.trouble());
  WriteReason(json, "paused", standing.conditions.paused ? &*standing.conditions.paused : nullptr);
  json.Moment("last_sign_of_life", standing.facts.last_sign_of_life);
  json.Integer("age_seconds",
               standing.age ? std::optional(SecondsOf(*standing.age)) : std::nullopt);
  json.Moment("data_as_of", standing.facts.data_as_of);
  json.Moment("received_at", standing.facts.received_at);
  json.Integer("deliveries", static_cast<std::int64_t>(standing.facts.deliveries));
  WriteOldCodes(json, standing.old_codes);
  WriteContractStanding(json, standing.contract, Named::kLeftOut);
  json.EndObject();
}

void WritePace(JsonWriter& json, const std::optional<model::Pace>& pace) {
  if (!pace) return json.Null("pace");
  json.BeginObject("pace");
  json.Decimal("share", pace->share);
  json.Decimal("remaining", pace->remaining);
  json.Integer("working_days", pace->working_days);
  json.Integer("working_days_left", pace->working_days_left);
  json.Decimal("needed_per_working_day", pace->needed_per_working_day);
  json.Decimal("expected", pace->expected);
  json.Text("coverage", NameOf(pace->coverage));
  json.EndObject();
}

void WriteFigure(JsonWriter& json, const FigureForm& form, const ShownFigure& shown) {
  const model::Figure& figure = shown.figure;
  const model::Indicator& indicator = *form.center->FindIndicator(figure.key.indicator);
  json.Text("indicator", indicator.name);
  json.Localized("title", indicator.title);
  json.Text("tree", NameOf(figure.key.tree));
  WriteUnitName(json, "unit", form.center->TreeOf(figure.key.tree).Get(figure.key.unit));
  WritePeriod(json, "period", *form.center, figure.key.period,
              form.passport == Passport::kNone ? PeriodForm::kShort : PeriodForm::kWhole);
  if (shown.dimension) WriteDimension(json, *shown.dimension);
  json.Decimal("value", figure.value);
  json.TextOrNull("no_value_reason", figure.value ? "" : figure.no_value_reason);
  json.Text("unit_of_measure", indicator.unit_of_measure);
  json.Integer("decimals", indicator.decimals);
  json.Text("judgement", NameOf(figure.judgement));
  json.TextOrNull("not_judged_reason", figure.not_judged_reason);
  json.BeginArray("trust_marks");
  for (const model::TrustMark mark : figure.trust) json.TextItem(NameOf(mark));
  json.EndArray();
  json.Decimal("target", figure.target);
  WritePace(json, figure.pace);
  WriteThresholds(json, indicator.thresholds);
  json.Text("better", NameOf(indicator.better));
  if (form.passport != Passport::kNone) WritePassport(json, form, figure);
  if (form.trend) WriteTrend(json, shown.trend);
}

std::string FiguresCsv(const center::Center& center, const std::vector<ShownFigure>& figures) {
  CsvWriter csv;
  for (const auto* name : {"indicator",
                           "title",
                           "tree",
                           "unit",
                           "unit_name",
                           "period",
                           "dimension",
                           "dimension_value",
                           "value",
                           "no_value_reason",
                           "unit_of_measure",
                           "judgement",
                           "not_judged_reason",
                           "trust_marks",
                           "territory",
                           "target",
                           "share_of_target",
                           "needed_per_working_day",
                           "regime",
                           "period_label",
                           "period_from",
                           "period_to"}) {
    csv.Text(name);
  }
  csv.EndRow();
  const std::string& language = center.languages.front();
  for (const ShownFigure& shown : figures) {
    const model::Figure& figure = shown.figure;
    const model::Indicator& indicator = *center.FindIndicator(figure.key.indicator);
    const model::Unit& unit = center.TreeOf(figure.key.tree).Get(figure.key.unit);
    std::string marks;
    for (const auto mark : figure.trust)
      marks.append(marks.empty() ? "" : " ").append(NameOf(mark));
    csv.Text(indicator.name);
    csv.Text(model::TextIn(indicator.title, language));
    csv.Text(NameOf(figure.key.tree));
    csv.Text(unit.code);
    csv.Text(model::TextIn(unit.name, language));
    csv.Text(model::ToText(figure.key.period));
    csv.Text(shown.dimension ? shown.dimension->column : "");
    csv.Text(shown.dimension ? shown.dimension->value : "");
    csv.Number(figure.value ? figure.value->ToText() : "");
    csv.Text(figure.value ? "" : figure.no_value_reason);
    csv.Text(indicator.unit_of_measure);
    csv.Text(NameOf(figure.judgement));
    csv.Text(figure.not_judged_reason);
    csv.Text(marks);
    csv.Text(TextOfTerritory(figure.key.territory));
    csv.Number(figure.target ? figure.target->ToText() : "");
    const auto needed = figure.pace ? figure.pace->needed_per_working_day : std::nullopt;
    csv.Number(figure.pace ? figure.pace->share.ToText() : "");
    csv.Number(needed ? needed->ToText() : "");
    csv.Text(figure.key.period.regime->name());
    csv.Text(model::TextIn(model::LabelOf(figure.key.period), language));
    csv.Text(model::ToText(model::Value(center.time_zone.ToUtc(figure.key.period.from))));
    csv.Text(model::ToText(model::Value(center.time_zone.ToUtc(figure.key.period.to))));
    csv.EndRow();
  }
  return csv.Take();
}

}  // namespace fansipan::http
