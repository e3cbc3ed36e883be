#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/change_text.h"
#include "cli/internal/local_client.h"

namespace fansipan::cli {

void AddAlarmsCommand(CLI::App& app, CommandContext& context) {
  auto query = std::make_shared<Query>();
  auto* command = app.add_subcommand(
      "alarms", "What crossed a threshold, was corrected beyond tolerance or moved in rank");
  command->add_option("--since", (*query)["from"], "RFC 3339; default: yesterday at 07:00");
  command->add_option("--until", (*query)["to"], "RFC 3339; default: now");
  command->callback([query, &context] {
    const auto list = LocalClient(context.data_folder).Get("/alarms", *query);
    if (!IsToDescribe(list, context)) return;
    fmt::print("{}", DescribeAlarms(*list));
  });
}

}  // namespace fansipan::cli
