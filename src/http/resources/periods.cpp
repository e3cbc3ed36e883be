#include "http/rendering/period_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "model/value.h"

namespace fansipan::http {
namespace {

/// The start of the day that parameter `on` names, or today's.
base::Result<base::LocalTime> GetDay(const Call& call) {
  const auto text = call.QueryText("on");
  if (!text) {
    const auto now = call.center().time_zone.ToLocal(call.services->clock->Now());
    return base::LocalTime(std::chrono::floor<std::chrono::days>(now));
  }
  const auto period = model::ParsePeriod(*text);
  if (period.ok() && period->kind->tiling == model::Tiling::kDays) return period->from;
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                     "parameter 'on': a day such as 2026-11-23 is allowed"};
}

base::Result<const model::Regime*> FindRegime(Call& call) {
  const auto name = call.QueryText("regime");
  if (!name) return nullptr;
  const model::Regime* regime = model::FindRegime(call.center().regimes, *name);
  if (regime != nullptr) return regime;
  std::vector<std::string> names = {model::Regime::Calendar().name()};
  for (const auto& declared : call.center().regimes) names.push_back(declared->name());
  return call.Unknown("regime", *name, names);
}

void WritePeriodsOf(JsonWriter& json, const center::Center& center, const model::Regime& regime,
                    base::LocalTime day) {
  for (const model::PeriodKind& kind : regime.kinds()) {
    if (kind.tiling == model::Tiling::kHours) continue;
    WritePeriod(json, "", center, model::PeriodContaining(regime, kind, day));
  }
}

/// Which periods a day lies in: one of each kind of each regime.
base::Result<Response> ListPeriods(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const base::LocalTime day, GetDay(call));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Regime* only, FindRegime(call));
  const center::Center& center = call.center();
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  if (only == nullptr || only->is_calendar()) {
    WritePeriodsOf(json, center, model::Regime::Calendar(), day);
  }
  for (const auto& regime : center.regimes) {
    if (only == nullptr || only == regime.get()) WritePeriodsOf(json, center, *regime, day);
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddPeriodRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/periods",
                      Right(security::Action::kReadCenter, CenterObject), ListPeriods,
                      RouteOptions{.query = {"on", "regime"}});
}

}  // namespace fansipan::http
