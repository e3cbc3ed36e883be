#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/caller.h"
#include "http/router.h"
#include "http/static_files.h"

namespace fansipan::http {

/// What routes serve that does not come from the running center.
struct RouteContent {
  CallerPolicy policy;
  std::string description;                       ///< the interface's description, YAML
  std::shared_ptr<const StaticFiles> screens{};  ///< null: none
};

/// Every route there is.
std::vector<Route> AllRoutes(const RouteContent& content);

void AddSessionRoutes(std::vector<Route>& routes, const CallerPolicy& policy);
void AddSetUpRoutes(std::vector<Route>& routes, const CallerPolicy& policy);
void AddAccountRoutes(std::vector<Route>& routes);
void AddSourceTokenRoutes(std::vector<Route>& routes);
void AddSecretRoutes(std::vector<Route>& routes);
void AddCenterRoutes(std::vector<Route>& routes);
void AddUnitRoutes(std::vector<Route>& routes);
void AddPeriodRoutes(std::vector<Route>& routes);
void AddFigureRoutes(std::vector<Route>& routes);
void AddReportedRoutes(std::vector<Route>& routes);
void AddPanelRoutes(std::vector<Route>& routes);
void AddExplanationRoutes(std::vector<Route>& routes);
void AddAlarmRoutes(std::vector<Route>& routes);
void AddChangeRoutes(std::vector<Route>& routes);
void AddRecordRoutes(std::vector<Route>& routes);
void AddDeliveryRoutes(std::vector<Route>& routes);
void AddQuarantineRoutes(std::vector<Route>& routes);
void AddQualityRoutes(std::vector<Route>& routes);
void AddQuarantineDecisionRoutes(std::vector<Route>& routes);
void AddMappingTrialRoutes(std::vector<Route>& routes);
void AddReplayRoutes(std::vector<Route>& routes);
void AddSourceRoutes(std::vector<Route>& routes);
void AddSourceTrialRoutes(std::vector<Route>& routes);
void AddLiveRoutes(std::vector<Route>& routes);
void AddOperationRoutes(std::vector<Route>& routes);
void AddHealthRoutes(std::vector<Route>& routes);
void AddMetricsRoutes(std::vector<Route>& routes);
void AddDescriptionRoutes(std::vector<Route>& routes, const std::string& description);
/// Last: it takes every path that no other route has.
void AddScreenRoutes(std::vector<Route>& routes, std::shared_ptr<const StaticFiles> screens);

}  // namespace fansipan::http
