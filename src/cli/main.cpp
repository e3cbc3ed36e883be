#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <filesystem>

#include "cli/command.h"
#include "sources/connectors/database/postgres_environment.h"
#include "sources/conversion_task.h"
#include "sources/process_mapping_worker.h"

namespace {

/// The command of the mapping workers stands apart: the process forks, so it may have one thread.
constexpr const char* kWorkersCommand = "workers";
/// So does that of the processes that read workbooks: they become another program.
constexpr const char* kConversionTaskCommand = "conversion-task";

}  // namespace

int main(int argc, char** argv) {
  namespace cli = fansipan::cli;
  if (argc == 2 && std::strcmp(argv[1], kWorkersCommand) == 0)
    return fansipan::sources::RunWorkers();
  if (argc > 1 && std::strcmp(argv[1], kConversionTaskCommand) == 0)
    return fansipan::sources::ServeConversionTask(argc, argv);

  fansipan::sources::ClearPostgresEnvironment();
  CLI::App app("Fansipan: an operations center whose figures answer for themselves");
  app.require_subcommand(1);
  cli::CommandContext context;
  std::error_code ignored;
  context.program = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  app.add_option("--data", context.data_folder, "Data folder of the center")
      ->envname("FANSIPAN_DATA")
      ->capture_default_str();
  app.add_flag("--json", context.json, "Answer as JSON");
  app.fallthrough();
  cli::AddAlarmsCommand(app, context);
  cli::AddApplyCommand(app, context);
  cli::AddCheckCommand(app, context);
  cli::AddContradictionsCommand(app, context);
  cli::AddDeliveriesCommand(app, context);
  cli::AddExplainCommand(app, context);
  cli::AddFigureCommand(app, context);
  cli::AddPlanCommand(app, context);
  cli::AddQuarantineCommand(app, context);
  cli::AddRehearseCommand(app, context);
  cli::AddReplayCommand(app, context);
  cli::AddSecretCommand(app, context);
  cli::AddServeCommand(app, context);
  cli::AddSimulateCommand(app, context);
  cli::AddSourceCommand(app, context);
  cli::AddStatusCommand(app, context);
  cli::AddTerritoryCommand(app, context);
  cli::AddTestCommand(app, context);
  cli::AddTokenCommand(app, context);
  cli::AddUpCommand(app, context);
  cli::AddVerifyCommand(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return context.exit_status;
}
