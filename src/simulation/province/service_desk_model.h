#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The queue system of the province's public administration center and of each commune's service
/// point, as source `queue_system`: tickets in office hours, each minute what has changed. It asks
/// for 30 days of history. Days that end by the province's `live_from` come as one delivery each,
/// at 17:30, with the last version of each ticket. It is that of the minutes, so that nothing
/// counts twice when a run begins again with another `live_from`.
std::unique_ptr<SystemModel> MakeServiceDeskModel(const Province& province);

}  // namespace fansipan::simulation
