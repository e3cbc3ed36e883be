#include <algorithm>
#include <memory>
#include <utility>

#include "http/rendering/change_rendering.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/record_rendering.h"
#include "http/resources/change_span.h"
#include "http/resources/measure_records.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "model/days.h"

namespace fansipan::http {
namespace {

/// Rules have no records, and neither have causes that cannot be told apart.
std::string RecordsLink(const indicators::FigureName& name, const model::Period& of_figure,
                        const indicators::ChangeStep& step, const model::FormulaPart& part) {
  const auto period = PeriodOfPart(part.name, of_figure);
  if (!part.is_measure || !period || step.causes.size() != 1 || step.from == step.to) return {};
  if (step.causes.front() == indicators::Cause::kTargeted) return {};
  indicators::FigureName place = name;
  place.period = model::ToText(*period);
  std::string link = WithChangeSpan("/api/v1/explain/change/records?measure=" + NamedIn(part.name),
                                    place, {step.from, step.to});
  return link.append("&cause=").append(NameOf(step.causes.front()));
}

base::Result<Response> ExplainChange(Call& call) {
  indicators::FigureName name;
  FANSIPAN_ASSIGN_OR_RETURN(name.indicator, call.GetQueryText("indicator"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto* indicator, call.GetIndicator(name.indicator));
  FANSIPAN_ASSIGN_OR_RETURN(name.tree, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(name.tree));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Period period, call.GetPeriod());
  name.unit = call.center().TreeOf(name.tree).Get(unit).code;
  name.period = model::ToText(period);
  FANSIPAN_ASSIGN_OR_RETURN(const ChangeSpan moments, ParseChangeSpan(call));
  FANSIPAN_ASSIGN_OR_RETURN(const auto eras, call.running->eras(call.patience));
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto change,
      indicators::ReadFigureChange(eras, name, moments.from, moments.to, call.patience));
  const ChangeForm form{&call.center(), [&](const auto& step, const auto& part) {
                          return RecordsLink(name, period, step, part);
                        }};
  JsonWriter json;
  json.BeginObject();
  json.Text("indicator", indicator->name);
  json.Localized("title", indicator->title);
  json.Text("unit_of_measure", indicator->unit_of_measure);
  json.Integer("decimals", indicator->decimals);
  json.Text("tree", NameOf(name.tree));
  WriteUnitName(json, "unit", call.center().TreeOf(name.tree).Get(unit));
  json.Text("period", name.period);
  WriteChange(json, form, change);
  json.EndObject();
  return Response::Json(200, json.Take());
}

/// Records whose versions moved a measure by one cause.
struct ChangedRecords {
  indicators::Cause cause = indicators::Cause::kNew;
  std::shared_ptr<const indicators::Engine> engine;  ///< of the center that ran at `from`
  ChangeSpan moments;
  const model::Measure* measure = nullptr;
  store::RecordQuery query;
  model::Snapshot snapshot;  ///< at `to`
};

base::Result<indicators::Cause> ParseCause(const Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, call.GetQueryText("cause"));
  for (const auto cause :
       {indicators::Cause::kNew, indicators::Cause::kLate, indicators::Cause::kCorrected,
        indicators::Cause::kRedefined, indicators::Cause::kWithdrawn, indicators::Cause::kClock}) {
    if (text == NameOf(cause)) return cause;
  }
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                     "parameter 'cause': new, late, corrected, redefined, withdrawn or clock is "
                     "allowed; other causes have no records"};
}

/// Turns the question for all records that count into one for those that the cause moved.
void AskForCause(ChangedRecords& asked, model::Sequence after) {
  using store::VersionEffect;
  store::RecordQuery& query = asked.query;
  switch (asked.cause) {
    case indicators::Cause::kCorrected:
      query.changed = {after, VersionEffect::kCorrected};
      return;
    case indicators::Cause::kRedefined:
      query.changed = {after, VersionEffect::kRedefined};
      return;
    case indicators::Cause::kWithdrawn:
      query.changed = {after, VersionEffect::kWithdrawn};
      return;
    case indicators::Cause::kClock:
      // What entered a stock because its moment came.
      query.kind = model::MeasureKind::kFlow;
      query.until.reset();
      query.since = asked.moments.from + base::Duration(1);
      query.before = std::min(query.before, asked.moments.to + base::Duration(1));
      return;
    default:
      query.changed = {after, VersionEffect::kArrived};
  }
}

base::Result<ChangedRecords> ParseChangedRecords(Call& call) {
  ChangedRecords asked;
  FANSIPAN_ASSIGN_OR_RETURN(asked.moments, ParseChangeSpan(call));
  FANSIPAN_ASSIGN_OR_RETURN(call.engine,
                            call.running->engine_at(asked.moments.from, call.patience));
  asked.engine = call.engine;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string name, call.GetQueryText("measure"));
  FANSIPAN_ASSIGN_OR_RETURN(asked.measure, call.GetMeasure(name));
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind tree, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(tree));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Period period, call.GetPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(asked.cause, ParseCause(call));
  FANSIPAN_ASSIGN_OR_RETURN(const std::size_t limit, call.GetLimit());
  model::Sequence after;
  FANSIPAN_RETURN_IF_ERROR(asked.engine->Read(
      asked.moments.from, [&](const auto& view) { after = view.snapshot.sequence; },
      call.patience));
  base::Result<store::RecordQuery> query = base::Error{};
  FANSIPAN_RETURN_IF_ERROR(asked.engine->Read(
      asked.moments.to,
      [&](const indicators::View& view) {
        asked.snapshot = view.snapshot;
        query = indicators::RecordsBehind(view, *view.plan->FindMeasure(name),
                                          {"", tree, unit, period});
      },
      call.patience));
  FANSIPAN_ASSIGN_OR_RETURN(asked.query, std::move(query));
  AskForCause(asked, after);
  asked.query.limit = limit;
  asked.query.after = call.QueryText("cursor").value_or("");
  return asked;
}

/// What the store cannot tell: whether a record was late, and whether it was known before its
/// moment came.
bool IsOfCause(const ChangedRecords& asked, const model::Version& version) {
  const base::TimeZone& zone = asked.engine->center().time_zone;
  const base::Timestamp moment =
      model::MomentOf(version.values[asked.query.from], zone).value_or(base::Timestamp());
  const auto recorded = asked.engine->RecordedAt(version.sequence);
  if (!recorded) return true;
  const auto leaf = [&](base::Timestamp at) {
    return model::LeafOf(zone.ToLocal(at), asked.measure->grain);
  };
  switch (asked.cause) {
    case indicators::Cause::kNew:
      return leaf(moment) >= leaf(*recorded);
    case indicators::Cause::kLate:
      return leaf(moment) < leaf(*recorded);
    case indicators::Cause::kClock:
      return asked.measure->kind == model::MeasureKind::kStock && *recorded < moment;
    default:
      return true;
  }
}

base::Result<Response> ListChangedRecords(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  FANSIPAN_ASSIGN_OR_RETURN(ChangedRecords asked, ParseChangedRecords(call));
  const auto running = call.running->engine();
  const model::Dataset& then = *call.center().FindDataset(asked.measure->dataset);
  FANSIPAN_ASSIGN_OR_RETURN(const auto* today, AlignToToday(then, running->center(), asked.query));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(asked.snapshot.sequence));
  FANSIPAN_ASSIGN_OR_RETURN(store::RecordPage page,
                            call.running->facts->PageRecords(asked.query, call.patience));
  std::erase_if(page.records, [&](const auto& version) { return !IsOfCause(asked, version); });
  const RecordForm form{today, security::MayReadPersonal(call.identity)};
  if (as_csv) {
    return Response::Of(200, "text/csv; charset=utf-8", RecordsCsv(form, page.records));
  }
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, asked.snapshot);
  json.Moment("from", asked.moments.from);
  json.Moment("to", asked.moments.to);
  json.Text("cause", NameOf(asked.cause));
  json.Text("dataset", asked.measure->dataset);
  WriteRecordPage(json, form, page);
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddChangeRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/explain/change",
                      Right(security::Action::kReadFigures, IndicatorsInQuery), ExplainChange,
                      RouteOptions{.lane = Lane::kHeavy,
                                   .query = {"indicator", "tree", "unit", "period", "from", "to"}});
  routes.emplace_back(Method::kGet, "/api/v1/explain/change/records",
                      Right(security::Action::kReadRecords, MeasureInQuery), ListChangedRecords,
                      RouteOptions{.lane = Lane::kHeavy,
                                   .query = {"measure", "tree", "unit", "period", "from", "to",
                                             "cause", "cursor", "limit", "format"}});
}

}  // namespace fansipan::http
