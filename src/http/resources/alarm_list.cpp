#include <algorithm>
#include <chrono>

#include "http/rendering/change_rendering.h"
#include "http/rendering/figure_rendering.h"
#include "http/resources/routes.h"
#include "http/target.h"
#include "indicators/changes/alarms.h"

namespace fansipan::http {
namespace {

constexpr std::chrono::hours kMorning{7};

/// Seven o'clock of the day before, by the center's clocks.
base::Timestamp YesterdayMorning(const center::Center& center, base::Timestamp now) {
  const auto today = std::chrono::floor<std::chrono::days>(center.time_zone.ToLocal(now));
  return center.time_zone.ToUtc(today - std::chrono::days(1) + kMorning);
}

std::string ChangeLink(const indicators::FigureName& name, base::Timestamp from,
                       base::Timestamp to) {
  const auto moment = [](base::Timestamp at) {
    return EncodeComponent(model::ToText(model::Value(at)));
  };
  std::string link = "/api/v1/explain/change?indicator=" + name.indicator;
  link.append("&tree=").append(NameOf(name.tree));
  link.append("&unit=").append(EncodeComponent(name.unit));
  link.append("&period=").append(EncodeComponent(name.period));
  return link.append("&from=").append(moment(from)).append("&to=").append(moment(to));
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
  FANSIPAN_ASSIGN_OR_RETURN(const auto asked_from, call.FindMoment("from"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto asked_to, call.FindMoment("to"));
  const base::Timestamp newest = call.engine->snapshot().tick;
  const base::Timestamp to = std::min(asked_to.value_or(newest), newest);
  const base::Timestamp from = asked_from.value_or(YesterdayMorning(call.center(), to));
  if (to < from) {
    return base::Error{base::ErrorCode::kInvalidArgument, "moments_reversed",
                       "'from' lies behind 'to'; a change is told forward in time"};
  }
  // What is shown are names of the center that answers for the later moment.
  FANSIPAN_ASSIGN_OR_RETURN(call.engine, call.running->engine_at(to));
  FANSIPAN_ASSIGN_OR_RETURN(const auto eras, call.running->eras());
  FANSIPAN_ASSIGN_OR_RETURN(const auto list, indicators::ReadAlarms(eras, from, to, call.patience));
  JsonWriter json;
  json.BeginObject();
  json.Moment("from", from);
  json.Moment("to", to);
  json.Flag("truncated", list.truncated);
  json.BeginArray("items");
  for (const indicators::Alarm& alarm : list.alarms) {
    WriteAlarm(json, call.center(), alarm, ChangeLink(alarm.name, from, to));
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
