#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "base/files.h"
#include "cli/command.h"
#include "cli/internal/load_secret.h"
#include "cli/internal/simulate_database.h"
#include "cli/internal/simulate_sensors.h"
#include "cli/internal/stop_on_signal.h"
#include "simulation/simulation.h"

namespace fansipan::cli {
namespace {

/// What the command line says, before its spans of time and its token are read.
struct SimulateArguments {
  std::string system;
  std::string token_file;
  std::string history = "60d";
  std::string duration = "0";
  std::string silent_after = "0";
  std::string silent_for = "0";
  std::string heartbeat = "30s";
  simulation::SimulationOptions options;
};

void PrintCounts(const simulation::PushCounts& counts, bool as_json) {
  if (as_json) {
    const nlohmann::json line = {
        {"deliveries", counts.deliveries},   {"sent", counts.sent},
        {"accepted", counts.accepted},       {"repeated", counts.repeated},
        {"in_conflict", counts.in_conflict}, {"quarantined", counts.quarantined},
        {"refused", counts.refused},         {"known", counts.known},
        {"retries", counts.retries},         {"heartbeats", counts.heartbeats}};
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print(
        "simulated: sent {} rows in {} deliveries; accepted {}, repeated {}, in conflict {}, "
        "quarantined {}, refused {}, known from before {}; {} retries, {} heartbeats\n",
        counts.sent, counts.deliveries, counts.accepted, counts.repeated, counts.in_conflict,
        counts.quarantined, counts.refused, counts.known, counts.retries, counts.heartbeats);
  }
  std::fflush(stdout);
}

base::Result<simulation::SimulationOptions> ReadOptions(const SimulateArguments& arguments) {
  if (arguments.system != "public_services") {
    return base::Error{
        base::ErrorCode::kNotFound, "unknown_simulation",
        "there is no simulated system '" + arguments.system + "'; there is: public_services"};
  }
  simulation::SimulationOptions options = arguments.options;
  FANSIPAN_ASSIGN_OR_RETURN(options.history, simulation::ParseSpan(arguments.history));
  FANSIPAN_ASSIGN_OR_RETURN(options.duration, simulation::ParseSpan(arguments.duration));
  FANSIPAN_ASSIGN_OR_RETURN(options.silent_after, simulation::ParseSpan(arguments.silent_after));
  FANSIPAN_ASSIGN_OR_RETURN(options.silent_for, simulation::ParseSpan(arguments.silent_for));
  FANSIPAN_ASSIGN_OR_RETURN(options.heartbeat_every, simulation::ParseSpan(arguments.heartbeat));
  base::PosixFileSystem files;
  FANSIPAN_ASSIGN_OR_RETURN(options.token, LoadSecret("--token-file", arguments.token_file, files));
  return options;
}

void Simulate(const SimulateArguments& arguments, CommandContext& context) {
  auto options = ReadOptions(arguments);
  if (!options.ok()) return Fail(context, options.error());
  const bool as_json = context.json;
  options->on_counts = [as_json](const simulation::PushCounts& counts) {
    PrintCounts(counts, as_json);
  };
  std::stop_source stop;
  const StopOnSignal signals(stop);
  const base::Status ended = simulation::RunCaseSystem(*options, stop.get_token());
  if (!ended.ok()) Fail(context, ended.error());
}

void AddPace(CLI::App& command, SimulateArguments& arguments) {
  simulation::SimulationOptions& options = arguments.options;
  command.add_option("--history", arguments.history,
                     "How far back the cases begin that are sent first (60d); 0 for none");
  command.add_option("--cases-per-day", options.cases_per_day, "Mean number of new cases (333)");
  command.add_option("--rate", options.rate,
                     "Rows a second in an even stream, up to 20000; 0: office hours decide");
  command.add_option("--speed", options.speed,
                     "How fast days pass after the history (1); above 1 dates run ahead of today");
  command.add_option("--duration", arguments.duration, "Ends after this time, e.g. 60s");
  command.add_option("--silent-after", arguments.silent_after,
                     "With --silent-for: falls silent so long after the history");
  command.add_option("--silent-for", arguments.silent_for, "Sends nothing for so long");
  command.add_option("--heartbeat", arguments.heartbeat,
                     "Sends a sign of life when there was nothing new for so long (30s)");
}

}  // namespace

void AddSimulateCommand(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<SimulateArguments>();
  simulation::SimulationOptions& options = arguments->options;
  auto* command = app.add_subcommand(
      "simulate", "Sends what a simulated system would send to a running center, or is one to ask");
  command->add_option("system", arguments->system, "public_services; or a command below");
  command->add_option("--center", options.center_folder, "Folder whose communes and agencies file");
  command->add_option("--url", options.url, "The running center");
  command->add_option("--source", options.source, "Source that delivers (case_system)");
  command->add_option("--token-file", arguments->token_file, "File with the source's push token");
  command->add_option("--seed", options.seed, "Another seed, another province of cases (1)");
  command->add_option("--bad", options.bad_rate, "Share of spoiled rows (0.005)");
  command->add_option("--batch", options.batch, "Most rows of a delivery; 0: as fits the rate");
  command->add_option("--connections", options.connections, "0: as many as fit the rate");
  command->add_flag("--gzip", options.gzip, "Compresses deliveries");
  command->add_flag("--allow-remote", options.allow_remote,
                    "Allows a center that is not on this machine");
  AddPace(*command, *arguments);
  AddSimulateExchangeCommand(*command, context);
  AddSimulateRegistryCommand(*command, context);
  AddSimulateDatabase(*command, context);
  AddSimulateSensors(*command, context);
  command->callback([arguments, command, &context] {
    if (!command->get_subcommands().empty()) return;
    // Only a system that pushes needs them, so that they cannot be declared as required.
    if (arguments->system.empty()) throw CLI::RequiredError("system");
    if (arguments->token_file.empty()) throw CLI::RequiredError("--token-file");
    Simulate(*arguments, context);
  });
}

}  // namespace fansipan::cli
