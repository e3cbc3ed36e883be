#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/running_server.h"
#include "cli/termination.h"

namespace fansipan::cli {

void AddServeCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<ServeOptions>();
  auto* command = app.add_subcommand("serve", "Runs a center");
  AddServeOptions(*command, *options);
  command->callback([options, &context] {
    const Termination termination;
    const auto server = StartServer(*options, context);
    if (!server) return;
    termination.Wait();
    (*server)->Stop();
  });
}

}  // namespace fansipan::cli
