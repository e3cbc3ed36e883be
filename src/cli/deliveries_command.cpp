#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
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

/// "44 of 48: incomplete"; a dash where the source tells no totals.
std::string ControlOf(const nlohmann::json& delivery) {
  const auto& contract = delivery.at("contract");
  if (contract.is_null() || contract.at("control_totals").is_null()) return "-";
  const auto& control = contract.at("control_totals");
  std::string outcome = Show(control, "outcome");
  if (control.at("rows_told").is_null()) return outcome;
  const auto told = control.at("rows_told").get<std::int64_t>();
  const auto arrived = control.at("rows_arrived").get<std::int64_t>();
  if (arrived > told) return fmt::format("{} where {} are told: {}", arrived, told, outcome);
  const auto accepted = control.at("rows_accepted").get<std::int64_t>();
  if (accepted < told || outcome != "incomplete") {
    return fmt::format("{} of {}: {}", accepted, told, outcome);
  }
  const bool sums = std::ranges::any_of(control.at("sums"), [](const auto& sum) {
    return sum.at("agrees").is_boolean() && !sum.at("agrees").template get<bool>();
  });
  return fmt::format("all {}, {}: {}", told, sums ? "a sum differs" : "keys are missing", outcome);
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
                    Show(counts, "quarantined"), ControlOf(delivery), Show(delivery, "replay_of")});
  }
  fmt::print("{}",
             FormatTable({"delivery", "source", "recorded at", "outcome", "raw rows", "= mapped",
                          "+ skipped", "+ refused", "candidates", "= accepted", "+ repeated",
                          "+ in conflict", "+ quarantined", "told", "replay of"},
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

}  // namespace fansipan::cli
