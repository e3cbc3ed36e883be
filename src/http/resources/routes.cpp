#include "http/resources/routes.h"

namespace fansipan::http {

std::vector<Route> AllRoutes(const RouteContent& content) {
  std::vector<Route> routes;
  AddSessionRoutes(routes, content.policy);
  AddSetUpRoutes(routes, content.policy);
  AddAccountRoutes(routes);
  AddSourceTokenRoutes(routes);
  AddSecretRoutes(routes);
  AddCenterRoutes(routes);
  AddUnitRoutes(routes);
  AddPeriodRoutes(routes);
  AddFigureRoutes(routes);
  AddReportedRoutes(routes);
  AddPanelRoutes(routes);
  AddExplanationRoutes(routes);
  AddChangeRoutes(routes);
  AddAlarmRoutes(routes);
  AddRecordRoutes(routes);
  AddDeliveryRoutes(routes);
  AddQuarantineRoutes(routes);
  AddQualityRoutes(routes);
  AddQuarantineDecisionRoutes(routes);
  AddMappingTrialRoutes(routes);
  AddReplayRoutes(routes);
  AddSourceRoutes(routes);
  AddSourceTrialRoutes(routes);
  AddLiveRoutes(routes);
  AddOperationRoutes(routes);
  AddHealthRoutes(routes);
  AddMetricsRoutes(routes);
  AddDescriptionRoutes(routes, content.description);
  AddScreenRoutes(routes,
                  content.screens ? content.screens : std::make_shared<const StaticFiles>());
  return routes;
}

}  // namespace fansipan::http
