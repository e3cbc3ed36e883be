#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The province's cameras as their keepers tell of them: the registry each Monday morning, and each
/// night what the recorders kept of the day before. A month of it gives the figures their past.
std::unique_ptr<SystemModel> MakeCamerasModel(const Province& province);

/// The same cameras as they tell of themselves: health each minute, counts each hour, events as
/// they occur. The nightly log repeats all of it, so an hour of history is enough.
std::unique_ptr<SystemModel> MakeCameraStreamModel(const Province& province);

}  // namespace fansipan::simulation
