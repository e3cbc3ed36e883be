#pragma once

#include <memory>

#include "base/result.h"
#include "simulation/database_simulation.h"

namespace fansipan::simulation::internal {

/// Connects to the database of the options.
base::Result<std::unique_ptr<LicenceTable>> OpenPostgresTable(
    const DatabaseSimulationOptions& options);

}  // namespace fansipan::simulation::internal
