#include "http/etag.h"
#include "http/rendering/panel_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

base::Result<Response> GetPanel(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* panel, call.GetPanel(call.PathText("name")));
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(panel->tree));
  FANSIPAN_ASSIGN_OR_RETURN(const auto period, call.FindPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(const auto as_of, call.FindAsOf());
  FANSIPAN_ASSIGN_OR_RETURN(const auto territory, call.FindTerritory(panel->tree, unit));
  std::optional<PanelReading> reading;
  std::string etag;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      as_of,
      [&](const indicators::View& view) {
        etag = EtagOf(call, view.snapshot);
        if (HasEtag(*call.request, etag)) return;
        reading = ReadPanel(view, {*panel, unit, period, territory});
      },
      call.patience));
  if (!reading) return NotModified(etag);
  return WithEtag(Response::Json(200, RenderPanel(*reading, as_of)), etag);
}

}  // namespace

void AddPanelRoutes(std::vector<Route>& routes) {
  routes.emplace_back(
      Method::kGet, "/api/v1/panels/{name}", Right(security::Action::kReadFigures, PanelObject),
      GetPanel,
      RouteOptions{.query = {"unit", "period", "as_of", "territory"}, .by_rules_of_then = true});
}

}  // namespace fansipan::http
