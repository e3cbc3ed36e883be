#include <algorithm>
#include <chrono>

#include "http/etag.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/record_rendering.h"
#include "http/resources/measure_records.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "http/target.h"

namespace fansipan::http {
namespace {

constexpr std::chrono::hours kChangesOf{24};

/// What is explained, and everything said about it, from one snapshot.
struct Explanation {
  model::FigureKey key;
  std::optional<base::Timestamp> as_of;
  model::Snapshot snapshot;
  Standings standings;
  ShownFigure shown;
  std::optional<base::Timestamp> since;  ///< nothing: changes are not told, see below
  indicators::ChangesQuestion question;
  /// By part of the question. On another day's territory there are none: they are told of cells,
  /// and a part of a unit has none of its own.
  std::vector<std::vector<indicators::CauseSum>> changes;
};

/// Aggregates whose changes add up to the change of the measure.
bool AddsUp(model::Aggregate aggregate) {
  return aggregate == model::Aggregate::kCount || aggregate == model::Aggregate::kSum;
}

void ReadExplanation(const indicators::View& view, Explanation& explanation) {
  explanation.snapshot = view.snapshot;
  explanation.standings = ReadStandings(view);
  explanation.shown.figure = indicators::ReadFigure(view, explanation.key);
  if (explanation.key.territory) return;
  explanation.since = view.snapshot.tick - kChangesOf;
  const model::Indicator& indicator = *view.center->FindIndicator(explanation.key.indicator);
  explanation.question = indicators::AskChanges(view, indicators::MeasuresOf(view, indicator),
                                                explanation.key, *explanation.since);
}

std::string LinkTo(const Call& call, const Explanation& explanation, const std::string& path,
                   const std::string& name, const model::Period& period) {
  const model::UnitTree& tree = call.center().TreeOf(explanation.key.tree);
  std::string link = path + EncodeComponent(name);
  link.append("&tree=").append(NameOf(explanation.key.tree));
  link.append("&unit=").append(EncodeComponent(tree.Get(explanation.key.unit).code));
  link.append("&period=").append(EncodeComponent(model::ToText(period)));
  if (explanation.key.territory) {
    link.append("&territory=").append(TextOfTerritory(explanation.key.territory));
  }
  if (explanation.as_of) {
    link.append("&as_of=").append(EncodeComponent(model::ToText(model::Value(*explanation.as_of))));
  }
  return link;
}

void WriteExplainedParts(JsonWriter& json, const Call& call, const Explanation& explanation) {
  json.BeginArray("parts");
  for (const model::FormulaPart& part : explanation.shown.figure.parts) {
    const auto period = PeriodOfPart(part.name, explanation.key.period);
    const std::string name = NamedIn(part.name);
    json.BeginObject();
    json.Text("name", part.name);
    json.Localized("title", TitleOf(call.center(), part.name));
    json.Text("kind", part.is_measure ? "measure" : "indicator");
    json.Decimal("value", part.value);
    json.Integer("records", static_cast<std::int64_t>(part.is_measure ? part.records : 0));
    json.TextOrNull("records_link", part.is_measure && period
                                        ? LinkTo(call, explanation,
                                                 "/api/v1/explain/records?measure=", name, *period)
                                        : "");
    json.TextOrNull("explain_link",
                    !part.is_measure && period
                        ? LinkTo(call, explanation, "/api/v1/explain?indicator=", name, *period)
                        : "");
    json.EndObject();
  }
  json.EndArray();
}

void WriteChanges(JsonWriter& json, const Explanation& explanation) {
  json.BeginArray("changes");
  for (std::size_t i = 0; i < explanation.changes.size(); ++i) {
    const indicators::MeasurePlan& plan = *explanation.question.plan;
    const model::Measure& measure = plan.measure(explanation.question.parts[i].measure);
    for (const indicators::CauseSum& sum : explanation.changes[i]) {
      json.BeginObject();
      json.Text("measure", measure.name);
      json.Text("cause", NameOf(sum.cause));
      json.Integer("count", sum.records);
      if (measure.aggregate == model::Aggregate::kCount) {
        json.Decimal("difference", model::Decimal::FromInteger(sum.records));
      } else {
        json.Decimal("difference",
                     AddsUp(measure.aggregate) ? std::optional(sum.sum) : std::nullopt);
      }
      json.EndObject();
    }
  }
  json.EndArray();
}

base::Result<Response> Explain(Call& call) {
  Explanation explanation;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string name, call.GetQueryText("indicator"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto* indicator, call.GetIndicator(name));
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind tree, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(tree));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Period period, call.GetPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(explanation.as_of, call.FindAsOf());
  FANSIPAN_ASSIGN_OR_RETURN(const auto territory, call.FindTerritory(tree, unit));
  explanation.key = {indicator->name, tree, unit, period, territory};
  std::string etag;
  bool unchanged = false;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      explanation.as_of,
      [&](const indicators::View& view) {
        etag = EtagOf(call, view.snapshot);
        unchanged = HasEtag(*call.request, etag);
        if (!unchanged) ReadExplanation(view, explanation);
      },
      call.patience));
  if (unchanged) return NotModified(etag);
  if (explanation.since) {
    FANSIPAN_ASSIGN_OR_RETURN(explanation.changes,
                              indicators::ReadChanges(explanation.question, call.patience));
  }
  const FigureForm form{&call.center(), &explanation.standings, Passport::kWhole, false};
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, explanation.snapshot);
  json.Moment("as_of", explanation.as_of);
  json.Text("territory", TextOfTerritory(explanation.key.territory));
  json.BeginObject("figure");
  WriteFigure(json, form, explanation.shown);
  json.EndObject();
  WriteExplainedParts(json, call, explanation);
  json.Moment("changes_since", explanation.since);
  WriteChanges(json, explanation);
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

/// The records that count, as the question to the fact store, and the snapshot it belongs to.
struct RecordsQuestion {
  std::optional<base::Timestamp> as_of;
  std::optional<model::Date> territory;
  model::Snapshot snapshot;
  base::Result<store::RecordQuery> query = base::Error{};
};

base::Result<RecordsQuestion> ParseRecordsQuestion(Call& call, const model::Measure& measure) {
  RecordsQuestion question;
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind tree, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(tree));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Period period, call.GetPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(question.as_of, call.FindAsOf());
  FANSIPAN_ASSIGN_OR_RETURN(question.territory, call.FindTerritory(tree, unit));
  FANSIPAN_ASSIGN_OR_RETURN(const std::size_t limit, call.GetLimit());
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      question.as_of,
      [&](const indicators::View& view) {
        question.snapshot = view.snapshot;
        question.query = indicators::RecordsBehind(view, *view.plan->FindMeasure(measure.name),
                                                   {"", tree, unit, period, question.territory});
      },
      call.patience));
  FANSIPAN_RETURN_IF_ERROR(question.query);
  question.query->limit = limit;
  question.query->after = call.QueryText("cursor").value_or("");
  return question;
}

base::Result<Response> ListRecords(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string name, call.GetQueryText("measure"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto* measure, call.GetMeasure(name));
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  FANSIPAN_ASSIGN_OR_RETURN(RecordsQuestion question, ParseRecordsQuestion(call, *measure));
  const auto running = call.running->engine();
  const model::Dataset& then = *call.center().FindDataset(measure->dataset);
  FANSIPAN_ASSIGN_OR_RETURN(const auto* today,
                            AlignToToday(then, running->center(), *question.query));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(question.snapshot.sequence));
  FANSIPAN_ASSIGN_OR_RETURN(const store::RecordPage page,
                            call.running->facts->PageRecords(*question.query, call.patience));
  question.snapshot.sequence = page.as_of;
  const std::string etag = EtagOf(call, question.snapshot);
  const RecordForm form{today, security::MayReadPersonal(call.identity)};
  if (as_csv) {
    return WithEtag(Response::Of(200, "text/csv; charset=utf-8", RecordsCsv(form, page.records)),
                    etag);
  }
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, question.snapshot);
  json.Moment("as_of", question.as_of);
  json.Text("territory", TextOfTerritory(question.territory));
  json.Text("dataset", measure->dataset);
  WriteRecordPage(json, form, page);
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

}  // namespace

void AddExplanationRoutes(std::vector<Route>& routes) {
  routes.emplace_back(
      Method::kGet, "/api/v1/explain", Right(security::Action::kReadFigures, IndicatorsInQuery),
      Explain,
      RouteOptions{.lane = Lane::kHeavy,
                   .query = {"indicator", "tree", "unit", "period", "as_of", "territory"},
                   .by_rules_of_then = true});
  routes.emplace_back(Method::kGet, "/api/v1/explain/records",
                      Right(security::Action::kReadRecords, MeasureInQuery), ListRecords,
                      RouteOptions{.lane = Lane::kHeavy,
                                   .query = {"measure", "tree", "unit", "period", "as_of",
                                             "territory", "cursor", "limit", "format"},
                                   .by_rules_of_then = true});
}

}  // namespace fansipan::http
