#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The queue system of the province's public administration center and of each commune's service
/// point, as source `queue_system`: tickets in office hours, each minute what changed. Days before
/// `live_from` come as one delivery each, at 17:30, with the last version of each ticket; it is the
/// same as that of the minutes, so that it does not matter when a run begins again later.
std::unique_ptr<SystemModel> MakeServiceDeskModel(const Province& province,
                                                  base::Timestamp live_from = {});

}  // namespace fansipan::simulation
