#include "cli/internal/simulate_sensors.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "base/files.h"
#include "cli/internal/load_secret.h"
#include "cli/internal/stop_on_signal.h"
#include "simulation/options.h"
#include "simulation/sensor_run.h"

namespace fansipan::cli {
namespace {

/// What the command line says, before its spans of time and its password are read.
struct SensorArguments {
  std::string interval = "10s";
  std::string history = "0";
  std::string duration = "0";
  std::string password_file;
  simulation::SensorRunOptions options;
};

void PrintCounts(const simulation::SensorCounts& counts, bool as_json) {
  if (as_json) {
    const nlohmann::json line = {
        {"rounds", counts.rounds}, {"messages", counts.messages}, {"retries", counts.retries}};
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print("simulated: {} messages in {} rounds, {} retries\n", counts.messages, counts.rounds,
               counts.retries);
  }
  std::fflush(stdout);
}

base::Result<simulation::SensorRunOptions> ReadOptions(const SensorArguments& arguments) {
  simulation::SensorRunOptions options = arguments.options;
  FANSIPAN_ASSIGN_OR_RETURN(options.network.interval, simulation::ParseSpan(arguments.interval));
  FANSIPAN_ASSIGN_OR_RETURN(options.history, simulation::ParseSpan(arguments.history));
  FANSIPAN_ASSIGN_OR_RETURN(options.duration, simulation::ParseSpan(arguments.duration));
  base::PosixFileSystem files;
  FANSIPAN_ASSIGN_OR_RETURN(options.broker.password,
                            LoadSecret("--password-file", arguments.password_file, files));
  return options;
}

void SimulateSensors(const SensorArguments& arguments, CommandContext& context) {
  auto options = ReadOptions(arguments);
  if (!options.ok()) return Fail(context, options.error());
  options->on_counts = [as_json = context.json](const simulation::SensorCounts& counts) {
    PrintCounts(counts, as_json);
  };
  std::stop_source stop;
  const StopOnSignal signals(stop);
  const base::Status ended = simulation::RunSensorNetwork(*options, stop.get_token());
  if (!ended.ok()) Fail(context, ended.error());
}

void AddFaults(CLI::App& command, simulation::SensorFaults& faults) {
  command.add_option("--late", faults.late, "Share of readings that come three rounds later");
  command.add_option("--duplicated", faults.duplicated, "Share of readings that are sent twice");
  command.add_option("--reordered", faults.reordered, "Share of readings that overtake another");
  command.add_option("--truncated", faults.truncated, "Share of messages that end early");
  command.add_option("--silent", faults.silent, "So many stations, the first ones, send nothing");
  command.add_option("--drifted", faults.drifted,
                     "So many stations, the last ones, name a field otherwise and use other units");
}

}  // namespace

void AddSimulateSensors(CLI::App& simulate, CommandContext& context) {
  auto arguments = std::make_shared<SensorArguments>();
  simulation::SensorRunOptions& options = arguments->options;
  auto* command = simulate.add_subcommand(
      "sensors", "A network of air, rain and river stations that publishes to an MQTT broker");
  command->add_option("--center", options.center_folder, "Folder whose communes have stations");
  command->add_option("--url", options.broker.url, "The broker (mqtt://127.0.0.1:1883)");
  command->add_option("--client-id", options.broker.client_id, "Name at the broker");
  command->add_option("--user", options.broker.user, "Signs in at the broker");
  command->add_option("--password-file", arguments->password_file, "File with its password");
  command->add_option("--seed", options.network.seed, "Another seed, other readings (1)");
  command->add_option("--stations", options.network.stations, "A third of each kind (12)");
  command->add_option("--interval", arguments->interval, "Between two readings of a station (10s)");
  command->add_option("--history", arguments->history, "Readings of so long before come first");
  command->add_option("--duration", arguments->duration, "Ends after this time, e.g. 60s");
  command->add_flag("--allow-remote", options.allow_remote,
                    "Allows a broker that is not on this machine");
  AddFaults(*command, options.network.faults);
  command->callback([arguments, &context] { SimulateSensors(*arguments, context); });
}

}  // namespace fansipan::cli
