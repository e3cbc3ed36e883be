#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The sources of `centers/laocai/systems/education`: the register of schools on the 5th of each
/// month, returns of the school year four times a year, attendance in the morning of each school
/// day, and the results of the graduation examination in July, put right in August. Everything is
/// invented. In four weeks of a school year the pupils of one commune stay at home.
std::unique_ptr<SystemModel> MakeEducationModel(const Province& province);

}  // namespace fansipan::simulation
