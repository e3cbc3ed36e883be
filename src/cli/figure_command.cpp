#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/passport_text.h"

namespace fansipan::cli {

void AddFigureCommand(CLI::App& app, CommandContext& context) {
  auto query = std::make_shared<Query>();
  auto* command = app.add_subcommand("figure", "Shows a figure with its passport");
  command->add_option("indicator", (*query)["indicator"], "Name of an indicator")->required();
  command->add_option("--unit", (*query)["unit"], "Code of a unit; default: the root");
  command->add_option("--tree", (*query)["tree"], "territory or organisation");
  command->add_option(
      "--period", (*query)["period"],
      "2026, 2026-Q4, 2026-11, 2026-W48, 2026-11-23, or of a declared regime, such as "
      "reporting:2026-11");
  command->add_option("--as-of", (*query)["as_of"], "A past moment, RFC 3339");
  command->add_option("--territory", (*query)["territory"],
                      "as_reported, or the day on whose territory it is asked");
  command->add_option("--by", (*query)["dimension"], "Break down by a dimension");
  command->callback([query, &context] {
    const auto answer = LocalClient(context.data_folder).Get("/figures", *query);
    if (!answer.ok()) return Fail(context, answer.error());
    if (context.json) {
      fmt::print("{}\n", answer->dump(2));
      return;
    }
    for (const auto& figure : answer->at("figures")) fmt::print("{}\n", DescribeFigure(figure));
  });
}

}  // namespace fansipan::cli
