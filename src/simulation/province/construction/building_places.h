#pragma once

#include <string>
#include <vector>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// How much is built in each commune: more in small areas, which are wards. From code and seed.
std::vector<double> BuildingWeights(const Province& province);

/// Electronic identifier of the department of construction in the sample center; in another one,
/// that of its first department.
std::string DepartmentOfConstruction(const Province& province);

}  // namespace fansipan::simulation
