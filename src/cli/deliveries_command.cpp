#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

void PrintNext(const nlohmann::json& answer) {
  if (answer.at("next").is_null()) return;
  fmt::print("more: --cursor {}\n", answer.at("next").get<std::string>());
}

void PrintDeliveries(const nlohmann::json& answer) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& delivery : answer.at("items")) {
    const auto& counts = delivery.at("counts");
    rows.push_back({Show(delivery, "sequence"), Show(delivery, "source"),
                    Show(delivery, "recorded_at"), Show(delivery, "outcome"),
                    Show(counts, "raw_rows"), Show(counts, "mapped"), Show(counts, "skipped"),
                    Show(counts, "refused"), Show(counts, "candidates"), Show(counts, "accepted"),
                    Show(counts, "repeated"), Show(counts, "in_conflict"),
                    Show(counts, "quarantined"), Show(delivery, "replay_of")});
  }
  fmt::print("{}", FormatTable({"delivery", "source", "recorded at", "outcome", "raw rows",
                                "= mapped", "+ skipped", "+ refused", "candidates", "= accepted",
                                "+ repeated", "+ in conflict", "+ quarantined", "replay of"},
                               rows));
  PrintNext(answer);
}

}  // namespace

void AddDeliveriesCommand(CLI::App& app, CommandContext& context) {
  auto query = std::make_shared<Query>();
  auto* command = app.add_subcommand("deliveries", "Lists deliveries with both balances");
  command->add_option("--source", (*query)["source"], "Only of this source");
  command->add_option("--cursor", (*query)["cursor"], "Go on where a list ended");
  command->callback([query, &context] {
    const auto answer = LocalClient(context.data_folder).Get("/deliveries", *query);
    if (!IsToDescribe(answer, context)) return;
    PrintDeliveries(*answer);
  });
}

void AddQuarantineCommand(CLI::App& app, CommandContext& context) {
  auto query = std::make_shared<Query>();
  auto csv = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("quarantine", "Lists rows that wait to be mended");
  command->add_option("--delivery", (*query)["delivery"], "Only of this delivery");
  command->add_option("--source", (*query)["source"], "Only of this source");
  command->add_option("--dataset", (*query)["dataset"], "Only of this dataset");
  command->add_option("--open", (*query)["open"], "false: also those that a replay resolved");
  command->add_option("--cursor", (*query)["cursor"], "Go on where a list ended");
  command->add_flag("--csv", *csv, "Export as CSV");
  command->callback([query, csv, &context] {
    const LocalClient client(context.data_folder);
    if (*csv) {
      const auto text = client.GetText("/quarantine", *query, "text/csv");
      if (!text.ok()) return Fail(context, text.error());
      fmt::print("{}", *text);
      return;
    }
    const auto answer = client.Get("/quarantine", *query);
    if (!IsToDescribe(answer, context)) return;
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : answer->at("items")) {
      rows.push_back({Show(row, "delivery"), Show(row, "dataset"), Show(row, "raw_row"),
                      Show(row, "column"), Show(row, "value"), Show(row, "reason")});
    }
    fmt::print("{}",
               FormatTable({"delivery", "dataset", "row", "column", "value", "reason"}, rows));
    PrintNext(*answer);
  });
}

void AddReplayCommand(CLI::App& app, CommandContext& context) {
  auto delivery = std::make_shared<std::string>();
  auto* command =
      app.add_subcommand("replay", "Reads an archived delivery again with the mappings of today");
  command->add_option("delivery", *delivery, "Sequence of the delivery")->required();
  command->callback([delivery, &context] {
    const auto report =
        LocalClient(context.data_folder).Post("/deliveries/" + Segment(*delivery) + "/replay", {});
    if (!report.ok()) return Fail(context, report.error());
    fmt::print("{}\n", report->dump(2));
  });
}

}  // namespace fansipan::cli
