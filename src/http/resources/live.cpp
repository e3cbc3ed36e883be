#include "http/resources/live.h"

#include "http/rendering/panel_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

/// Whose limit of streams it counts against.
std::string OwnerOf(const security::Identity& identity) {
  if (identity.kind == security::IdentityKind::kAccount) {
    return "account:" + std::to_string(identity.account.value);
  }
  if (identity.kind == security::IdentityKind::kLocalOperator) return "local_operator";
  return "address:" + identity.remote_address;
}

base::Result<Response> Watch(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string name, call.GetQueryText("panel"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto* panel, call.GetPanel(name));
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(panel->tree));
  live::Subscription subscription;
  subscription.key = {panel->name, call.center().TreeOf(panel->tree).Get(unit).code,
                      RightsOf(call.identity)};
  subscription.owner = OwnerOf(call.identity);
  if (const auto last = call.request->fields.Find("last-event-id")) {
    subscription.last_event = live::ParseStateId(*last);
  }
  if (call.identity.kind == security::IdentityKind::kAccount) {
    security::Sessions& sessions = call.services->access->sessions();
    subscription.may_go_on = [&sessions, session = call.identity.session] {
      return sessions.IsAlive(session);
    };
  }
  Response response = Response::Empty(200);
  response.content_type = "text/event-stream";
  response.Set("X-Accel-Buffering", "no");
  response.stream = std::move(subscription);
  return response;
}

}  // namespace

base::Result<live::State> RenderLiveState(const Services& services,
                                          const live::SubscriptionKey& key) {
  const auto running = services.center();
  const auto engine = running ? running->engine() : nullptr;
  if (!engine) return base::Error{base::ErrorCode::kUnavailable, "starting", "not loaded yet"};
  const center::Panel* panel = engine->center().FindPanel(key.panel);
  const auto unit =
      panel ? engine->center().TreeOf(panel->tree).FindByCode(key.unit) : std::nullopt;
  const bool may_see = panel && (key.rights != "anonymous" || IsPublic(engine->center(), *panel));
  if (!unit || !may_see) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_panel",
                       "the panel or the unit is no longer declared or public"};
  }
  std::optional<PanelReading> reading;
  FANSIPAN_RETURN_IF_ERROR(engine->Read(std::nullopt, [&](const indicators::View& view) {
    reading = ReadPanel(view, {*panel, *unit, std::nullopt, std::nullopt});
  }));
  return RenderPanelState(*reading);
}

bool MayLiveStateDiffer(const Services& services, const live::SubscriptionKey& key,
                        const live::StateId& since) {
  const auto running = services.center();
  const auto engine = running ? running->engine() : nullptr;
  const center::Panel* panel = engine ? engine->center().FindPanel(key.panel) : nullptr;
  const auto unit =
      panel ? engine->center().TreeOf(panel->tree).FindByCode(key.unit) : std::nullopt;
  if (!unit) return true;
  const auto [sequence, tick] = engine->LastChangeOf(panel->tree, *unit);
  return live::StateId{sequence.value, tick.time_since_epoch().count()} > since;
}

void AddLiveRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/live",
                      Right(security::Action::kOpenLiveStream, PanelObject), Watch,
                      RouteOptions{.query = {"panel", "unit"}, .stream = true});
}

}  // namespace fansipan::http
