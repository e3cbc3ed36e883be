#include "cli/internal/simulate_database.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <stop_token>
#include <string>

#include "base/files.h"
#include "cli/internal/load_secret.h"
#include "cli/internal/stop_on_signal.h"
#include "simulation/database_simulation.h"
#include "simulation/options.h"

namespace fansipan::cli {
namespace {

struct DatabaseArguments {
  std::string password_file;
  std::string duration = "0";
  std::string silent_after = "0";
  std::string silent_for = "0";
  std::string drifted_after = "0";
  simulation::DatabaseSimulationOptions options;
};

base::Result<simulation::DatabaseSimulationOptions> ReadOptions(
    const DatabaseArguments& arguments) {
  simulation::DatabaseSimulationOptions options = arguments.options;
  FANSIPAN_ASSIGN_OR_RETURN(options.duration, simulation::ParseSpan(arguments.duration));
  FANSIPAN_ASSIGN_OR_RETURN(options.silent_after, simulation::ParseSpan(arguments.silent_after));
  FANSIPAN_ASSIGN_OR_RETURN(options.silent_for, simulation::ParseSpan(arguments.silent_for));
  FANSIPAN_ASSIGN_OR_RETURN(options.drifted_after, simulation::ParseSpan(arguments.drifted_after));
  base::PosixFileSystem files;
  FANSIPAN_ASSIGN_OR_RETURN(options.password,
                            LoadSecret("--password-file", arguments.password_file, files));
  return options;
}

void SimulateDatabase(const DatabaseArguments& arguments, CommandContext& context) {
  auto options = ReadOptions(arguments);
  if (!options.ok()) return Fail(context, options.error());
  const bool as_json = context.json;
  options->on_counts = [as_json](std::uint64_t written) {
    if (as_json) {
      fmt::print("{{\"written\":{}}}\n", written);
    } else {
      fmt::print("simulated: wrote {} changes\n", written);
    }
    std::fflush(stdout);
  };
  std::stop_source stop;
  const StopOnSignal signals(stop);
  const base::Status ended = simulation::RunLicenceDatabase(*options, stop.get_token());
  if (!ended.ok()) Fail(context, ended.error());
}

void AddFaults(CLI::App& command, DatabaseArguments& arguments) {
  simulation::LicenceFaults& faults = arguments.options.faults;
  command.add_option("--late", faults.late, "Share of changes committed up to 5 minutes late");
  command.add_option("--duplicated", faults.duplicated,
                     "Share of changes written twice, with a newer moment alone");
  command.add_option("--reordered", faults.reordered,
                     "Share of changes whose moment lies up to an hour back");
  command.add_option("--truncated", faults.truncated, "Share of changes with a name cut short");
  command.add_option("--silent-after", arguments.silent_after,
                     "With --silent-for: changes nothing from then on");
  command.add_option("--silent-for", arguments.silent_for, "Changes nothing for so long");
  command.add_option("--drifted-after", arguments.drifted_after,
                     "Renames the column holder to holder_name after so long");
}

}  // namespace

void AddSimulateDatabase(CLI::App& simulate, CommandContext& context) {
  auto arguments = std::make_shared<DatabaseArguments>();
  simulation::DatabaseSimulationOptions& options = arguments->options;
  auto* command = simulate.add_subcommand(
      "database",
      "Makes a table of invented business licences in PostgreSQL and keeps changing it");
  command->add_option("--center", options.center_folder, "Folder whose communes are named");
  command->add_option("--host", options.host, "The server (127.0.0.1)");
  command->add_option("--port", options.port, "Its port (5432)");
  command->add_option("--database", options.database, "postgres");
  command->add_option("--user", options.user, "May create a table (postgres)");
  command->add_option("--password-file", arguments->password_file, "File with the password");
  command->add_option("--table", options.table, "licences");
  command->add_option("--seed", options.seed, "Another seed, other licences (1)");
  command->add_option("--first", options.first, "Changes that it begins with (1000)");
  command->add_option("--rate", options.rate, "Changes a second afterwards (1)");
  command->add_option("--duration", arguments->duration, "Ends after this time, e.g. 60s");
  command->add_flag("--allow-remote", options.allow_remote,
                    "Allows a server that is not on this machine");
  AddFaults(*command, *arguments);
  command->callback([arguments, &context] { SimulateDatabase(*arguments, context); });
}

}  // namespace fansipan::cli
