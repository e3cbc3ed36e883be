#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "center/load.h"
#include "center/scenario.h"
#include "cli/command.h"
#include "server/scenario_runner.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::cli {
namespace {

struct TestOptions {
  std::string folder;
  std::string external;
  std::string only;
};

bool IsScenario(const std::string& path) {
  return path.find("/tests/") != std::string::npos && path.ends_with(".yaml");
}

struct Totals {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
};

void Count(const server::ScenarioResult& result, const center::Scenario& scenario, Totals& totals) {
  using Outcome = server::ScenarioResult::Outcome;
  const char* word = result.outcome == Outcome::kPassed   ? "passed "
                     : result.outcome == Outcome::kFailed ? "FAILED "
                                                          : "skipped";
  ++(result.outcome == Outcome::kPassed   ? totals.passed
     : result.outcome == Outcome::kFailed ? totals.failed
                                          : totals.skipped);
  fmt::print("{} {}: {}\n", word, scenario.file, scenario.title);
  for (const std::string& message : result.messages) fmt::print("        {}\n", message);
}

void RunTests(const TestOptions& options, CommandContext& context) {
  const auto parser = store::DuckDbExpressionParser::Open();
  if (!parser.ok()) return Fail(context, parser.error());
  const center::LoadOutcome outcome = center::LoadCenter(options.folder, **parser);
  std::vector<center::Problem> problems = outcome.problems;
  std::vector<center::Scenario> scenarios;
  if (outcome.center) {
    for (const auto& [path, text] : outcome.center->files) {
      if (!IsScenario(path) || path.find(options.only) == std::string::npos) continue;
      auto scenario = center::ParseScenario(path, text, outcome.center->time_zone, problems);
      if (scenario) scenarios.push_back(*std::move(scenario));
    }
  }
  for (const auto& problem : problems) fmt::print(stderr, "{}\n", ToText(problem));
  if (!problems.empty()) context.exit_status = 1;
  if (!outcome.center) return;

  Totals totals;
  const std::filesystem::path scratch =
      std::filesystem::temp_directory_path() / ("fansipan-test-" + std::to_string(getpid()));
  for (const center::Scenario& scenario : scenarios) {
    Count(server::RunScenario(outcome.center, scenario,
                              {context.program, scratch.string(), options.external}),
          scenario, totals);
  }
  fmt::print("{} passed, {} failed, {} skipped\n", totals.passed, totals.failed, totals.skipped);
  if (totals.failed > 0 || scenarios.empty()) context.exit_status = 1;
}

}  // namespace

void AddTestCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<TestOptions>();
  auto* command = app.add_subcommand("test", "Runs a center's own tests on a virtual clock");
  command->add_option("folder", options->folder, "The center's folder")->required();
  command->add_option("--external", options->external, "Folder of files that tests call external");
  command->add_option("--only", options->only, "Only tests whose path contains this");
  command->callback([options, &context] { RunTests(*options, context); });
}

}  // namespace fansipan::cli
