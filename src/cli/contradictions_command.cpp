#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

void ShowContradictions(const Query& query, CommandContext& context) {
  const auto answer = LocalClient(context.data_folder).Get("/contradictions", query);
  if (!IsToDescribe(answer, context)) return;
  std::vector<std::vector<std::string>> rows;
  for (const auto& item : answer->at("items")) {
    std::string missing;
    for (const auto& unit : item.at("missing")) missing += " " + Show(unit, "code");
    rows.push_back({Show(item, "check"), Show(item.at("unit"), "code"),
                    Show(item.at("period"), "text"), Show(item, "agreement"), Show(item, "value"),
                    Show(item, "other"), Show(item, "difference"), Show(item, "allowed"),
                    Show(item, "reason") + missing});
  }
  fmt::print("{}", FormatTable({"check", "unit", "period", "agreement", "value", "other",
                                "difference", "allowed", "reason"},
                               rows));
  const auto& counts = answer->at("counts");
  fmt::print("{} agree, {} contradict, {} not comparable", Show(counts, "agrees"),
             Show(counts, "contradicts"), Show(counts, "not_comparable"));
  const auto left_out = answer->at("left_out").get<std::int64_t>();
  fmt::print("{}\n", left_out > 0 ? fmt::format("; {} more, see --limit", left_out) : "");
}

}  // namespace

void AddContradictionsCommand(CLI::App& app, CommandContext& context) {
  auto query = std::make_shared<Query>();
  auto* command = app.add_subcommand(
      "contradictions", "Lists where one quantity is known twice and the two differ too much");
  command->add_option("--check", (*query)["check"], "One cross-check; default: all");
  command->add_option("--period", (*query)["period"],
                      "One period; default: all of which anything is reported");
  command->add_option("--as-of", (*query)["as_of"], "A past moment, RFC 3339");
  command->add_option("--agreement", (*query)["agreement"],
                      "contradicts (default), agrees, not_comparable or all");
  command->add_option("--limit", (*query)["limit"], "At most so many, 1 to 1000");
  command->callback([query, &context] { ShowContradictions(*query, context); });
}

}  // namespace fansipan::cli
