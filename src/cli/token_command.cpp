#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"

namespace fansipan::cli {

void AddTokenCommand(CLI::App& app, CommandContext& context) {
  auto source = std::make_shared<std::string>();
  auto label = std::make_shared<std::string>("command line");
  auto* command = app.add_subcommand("token", "Makes a push token for a source and shows it once");
  command->add_option("source", *source, "Name of the source")->required();
  command->add_option("--label", *label, "What the token is for")->capture_default_str();
  command->callback([source, label, &context] {
    const auto made = LocalClient(context.data_folder)
                          .Post("/sources/" + Segment(*source) + "/tokens", {{"label", *label}});
    if (!made.ok()) return Fail(context, made.error());
    fmt::print("{}\n", made->value("token", ""));
  });
}

}  // namespace fansipan::cli
