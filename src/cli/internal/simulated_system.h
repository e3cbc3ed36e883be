#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "cli/internal/load_secret.h"
#include "simulation/faults.h"
#include "simulation/options.h"

namespace fansipan::cli {

/// What the command line of every simulated system that is asked has, before its texts are read.
struct SimulatedSystemArguments {
  std::uint16_t port = 0;
  std::string every = "0";
  std::string late_for = "3s";
  std::string token_life = "5m";
  std::string secret_file{};
  std::vector<std::string> faults{};
};

/// The options of the arguments; they must outlive the command.
void AddSimulatedSystem(CLI::App& command, SimulatedSystemArguments& arguments);

/// Reads the texts into the options of a simulated system.
template <typename Options>
base::Status ReadSimulatedSystem(const SimulatedSystemArguments& arguments, base::FileSystem& files,
                                 Options& options) {
  FANSIPAN_ASSIGN_OR_RETURN(options.every, simulation::ParseSpan(arguments.every));
  FANSIPAN_ASSIGN_OR_RETURN(options.late_for, simulation::ParseSpan(arguments.late_for));
  FANSIPAN_ASSIGN_OR_RETURN(options.token_life, simulation::ParseSpan(arguments.token_life));
  for (const std::string& fault : arguments.faults) {
    FANSIPAN_RETURN_IF_ERROR(simulation::SetFault(fault, options.faults));
  }
  FANSIPAN_ASSIGN_OR_RETURN(options.secret,
                            LoadSecret("--secret-file", arguments.secret_file, files));
  return {};
}

}  // namespace fansipan::cli
