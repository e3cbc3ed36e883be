#pragma once

#include "cli/command.h"

namespace fansipan::cli {

/// `simulate database`.
void AddSimulateDatabase(CLI::App& simulate, CommandContext& context);

}  // namespace fansipan::cli
