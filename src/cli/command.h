#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/result.h"

namespace CLI {
class App;
}

namespace fansipan::cli {

/// What all commands share: the options before the command's name, and the exit status it leaves.
/// 0: done. 1: what was asked for is wrong or failed. 2: the command line is wrong.
struct CommandContext {
  std::string data_folder = "var";
  std::string program;  ///< path of this binary
  bool json = false;
  int exit_status = 0;
};

/// Prints the error for a person (or as JSON) and leaves status 1.
void Fail(CommandContext& context, const base::Error& error);

// One function per command; all are listed in main.cpp. Those that belong together share a file.
void AddAlarmsCommand(CLI::App& app, CommandContext& context);
void AddApplyCommand(CLI::App& app, CommandContext& context);
void AddCheckCommand(CLI::App& app, CommandContext& context);
void AddContradictionsCommand(CLI::App& app, CommandContext& context);
void AddDeliveriesCommand(CLI::App& app, CommandContext& context);
void AddExplainCommand(CLI::App& app, CommandContext& context);
void AddFigureCommand(CLI::App& app, CommandContext& context);
void AddPlanCommand(CLI::App& app, CommandContext& context);
void AddQuarantineCommand(CLI::App& app, CommandContext& context);
void AddRehearseCommand(CLI::App& app, CommandContext& context);
void AddReplayCommand(CLI::App& app, CommandContext& context);
void AddSecretCommand(CLI::App& app, CommandContext& context);
void AddServeCommand(CLI::App& app, CommandContext& context);
void AddSimulateCommand(CLI::App& app, CommandContext& context);
/// Below `simulate`.
void AddSimulateExchangeCommand(CLI::App& simulate, CommandContext& context);
void AddSimulateRegistryCommand(CLI::App& simulate, CommandContext& context);
void AddSourceCommand(CLI::App& app, CommandContext& context);
void AddStatusCommand(CLI::App& app, CommandContext& context);
void AddTerritoryCommand(CLI::App& app, CommandContext& context);
void AddTestCommand(CLI::App& app, CommandContext& context);
void AddTokenCommand(CLI::App& app, CommandContext& context);
void AddUpCommand(CLI::App& app, CommandContext& context);
void AddVerifyCommand(CLI::App& app, CommandContext& context);

}  // namespace fansipan::cli
