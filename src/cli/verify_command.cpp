#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/table.h"

namespace fansipan::cli {

void AddVerifyCommand(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "verify", "Recomputes every figure's cells from archived bytes and recorded versions");
  command->callback([&context] {
    const auto report = LocalClient(context.data_folder).Post("/verify", nlohmann::json::object());
    if (!report.ok()) return Fail(context, report.error());
    const auto& findings = report->at("findings");
    if (context.json) {
      fmt::print("{}\n", report->dump(2));
    } else {
      for (const auto& finding : findings) {
        fmt::print("{}: expected {}, found {}\n", Show(finding, "what"), Show(finding, "expected"),
                   Show(finding, "found"));
      }
      fmt::print(
          "{} deliveries read back, {} mapped again, {} measures compared at {} moments, {} "
          "figures and {} changes computed again, {} reported indicators compared: {} findings\n",
          Show(*report, "deliveries"), Show(*report, "read_again"), Show(*report, "measures"),
          Show(*report, "moments"), Show(*report, "figures"), Show(*report, "changes"),
          Show(*report, "reported"), findings.size());
    }
    if (!findings.empty()) context.exit_status = 1;
  });
}

void AddStatusCommand(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("status", "Shows how the running server stands");
  command->callback([&context] {
    const auto status = LocalClient(context.data_folder).Get("/status", {});
    if (!status.ok()) return Fail(context, status.error());
    fmt::print("{}\n", status->dump(2));
  });
}

}  // namespace fansipan::cli
