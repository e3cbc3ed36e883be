#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// What citizens report from the field by application, telephone 1022 and web site: every two hours
/// from 08:00 to 20:00 the system sends what changed.
std::unique_ptr<SystemModel> MakeCitizenReportsModel(const Province& province);

}  // namespace fansipan::simulation
