#include <chrono>

#include "http/rendering/change_rendering.h"
#include "http/rendering/figure_rendering.h"
#include "http/resources/change_span.h"
#include "http/resources/routes.h"
#include "indicators/changes/alarms.h"

namespace fansipan::http {
namespace {

constexpr std::chrono::hours kMorning{7};

/// Seven o'clock of the day before, by the center's clocks.
base::Timestamp YesterdayMorning(const center::Center& center, base::Timestamp now) {
  const auto today = std::chrono::floor<std::chrono::days>(center.time_zone.ToLocal(now));
  return center.time_zone.ToUtc(today - std::chrono::days(1) + kMorning);
}

std::string ChangeLink(const indicators::FigureName& name, const ChangeSpan& span) {
  return WithChangeSpan("/api/v1/explain/change?indicator=" + name.indicator, name, span);
}

void WriteAlarm(JsonWriter& json, const center::Center& center, const indicators::Alarm& alarm,
                const std::string& link) {
  json.BeginObject();
  json.Text("kind", NameOf(alarm.kind));
  const model::Indicator& indicator = *center.FindIndicator(alarm.name.indicator);
  json.Text("indicator", indicator.name);
  json.Localized("title", indicator.title);
  json.Text("unit_of_measure", indicator.unit_of_measure);
  json.Integer("decimals", indicator.decimals);
  json.Text("tree", NameOf(alarm.name.tree));
  const model::UnitTree& tree = center.TreeOf(alarm.name.tree);
  WriteUnitName(json, "unit", tree.Get(*tree.FindByCode(alarm.name.unit)));
  json.Text("period", alarm.name.period);
  WriteFigureState(json, "before", alarm.before);
  WriteFigureState(json, "after", alarm.after);
  json.Decimal("corrected", alarm.corrected);
  json.Decimal("tolerance", alarm.tolerance);
  const auto rank = [&](int number) {
    return alarm.ranked == 0 ? std::nullopt : std::optional<std::int64_t>(number);
  };
  json.Integer("rank_before", rank(alarm.rank_before));
  json.Integer("rank_after", rank(alarm.rank_after));
  json.Integer("ranked", rank(alarm.ranked));
  json.Text("change_link", link);
  json.EndObject();
}

base::Result<Response> ListAlarms(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const ChangeSpan span, ParseChangeSpan(call, [&](base::Timestamp to) {
                              return YesterdayMorning(call.center(), to);
                            }));
  // What is shown are names of the center that answers for the later moment.
  FANSIPAN_ASSIGN_OR_RETURN(call.engine, call.running->engine_at(span.to, call.patience));
  FANSIPAN_ASSIGN_OR_RETURN(const auto eras, call.running->eras(call.patience));
  FANSIPAN_ASSIGN_OR_RETURN(const auto list,
                            indicators::ReadAlarms(eras, span.from, span.to, call.patience));
  JsonWriter json;
  json.BeginObject();
  json.Moment("from", span.from);
  json.Moment("to", span.to);
  json.Flag("truncated", list.truncated);
  json.BeginArray("items");
  for (const indicators::Alarm& alarm : list.alarms) {
    WriteAlarm(json, call.center(), alarm, ChangeLink(alarm.name, span));
  }
  json.EndArray();
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddAlarmRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/alarms", Right(security::Action::kReadFigures),
                      ListAlarms, RouteOptions{.lane = Lane::kHeavy, .query = {"from", "to"}});
}

}  // namespace fansipan::http
