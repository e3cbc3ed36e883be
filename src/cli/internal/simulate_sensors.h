#pragma once

#include "cli/command.h"

namespace fansipan::cli {

/// `simulate sensors`.
void AddSimulateSensors(CLI::App& simulate, CommandContext& context);

}  // namespace fansipan::cli
