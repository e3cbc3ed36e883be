#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/passport_text.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

struct FigureOptions {
  Query query;
  bool history = false;
};

/// Of a reported figure: who stated what, when, and by how much it differed from the value before.
void ShowHistory(const FigureOptions& options, CommandContext& context) {
  Query query = options.query;
  query.erase("dimension");
  const auto answer = LocalClient(context.data_folder).Get("/figures/history", query);
  if (!IsToDescribe(answer, context)) return;
  std::vector<std::vector<std::string>> rows;
  for (const auto& statement : answer->at("statements")) {
    std::vector<std::string> row;
    for (const auto* member : {"recorded_at", "vintage", "value", "difference", "state", "signer",
                               "source", "version", "note"}) {
      row.push_back(Visible(Show(statement, member)));
    }
    rows.push_back(std::move(row));
  }
  fmt::print("{}", FormatTable({"recorded at", "vintage", "value", "difference", "state", "signer",
                                "source", "version", "note"},
                               rows));
}

void ShowFigure(const FigureOptions& options, CommandContext& context) {
  if (options.history) return ShowHistory(options, context);
  const auto answer = LocalClient(context.data_folder).Get("/figures", options.query);
  if (!IsToDescribe(answer, context)) return;
  for (const auto& figure : answer->at("figures")) fmt::print("{}\n", DescribeFigure(figure));
}

}  // namespace

void AddFigureCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<FigureOptions>();
  Query* query = &options->query;
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
  command->add_flag("--history", options->history,
                    "Of a reported figure: all its vintages and versions");
  command->callback([options, &context] { ShowFigure(*options, context); });
}

}  // namespace fansipan::cli
