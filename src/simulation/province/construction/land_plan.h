#pragma once

#include <cstddef>
#include <string>

#include "simulation/province/civil_days.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// A layer as GeoJSON.
struct LandPlan {
  std::string geojson;
  std::size_t zones = 0;
};

/// The land-use plan in force on a day: squares around the point of each commune, whose stated
/// areas add up to the commune's. On 1 July 2026 some zones were planned anew.
LandPlan LandPlanOn(const Province& province, Day day);

}  // namespace fansipan::simulation
