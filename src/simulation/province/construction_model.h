#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The sources of `centers/laocai/systems/construction`: permits at the end of each working day,
/// inspections each Friday, the register of projects and their progress on the 5th of each month,
/// and the land-use plan each quarter. Everything is invented. In each ninety days one busy office
/// grants late, and in each half of a year one project stands still.
std::unique_ptr<SystemModel> MakeConstructionModel(const Province& province);

}  // namespace fansipan::simulation
