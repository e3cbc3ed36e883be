#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// What the offices of a province report of its economy: monthly and quarterly workbooks of the
/// statistics office, SDMX-CSV of customs, trade and tourism, the registry of enterprises week by
/// week, the yearly review of poor households, new-rural communes, rankings. Invented, but for the
/// two sources of published figures.
std::unique_ptr<SystemModel> MakeSocioEconomicModel(const Province& province);

}  // namespace fansipan::simulation
