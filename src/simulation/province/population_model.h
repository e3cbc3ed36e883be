#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// Once a year the statistics office sends the population of every commune: the year's own numbers
/// as preliminary, those of the year before as final. 2025 adds up to what the province published
/// at its merger; before that the communes are the old ones.
std::unique_ptr<SystemModel> MakePopulationModel(const Province& province);

}  // namespace fansipan::simulation
