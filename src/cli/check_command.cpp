#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "base/clock.h"
#include "center/calendar_notices.h"
#include "center/load.h"
#include "center/reported_notices.h"
#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "sources/connectors/connectors.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::cli {
namespace {

void PrintProblems(const nlohmann::json& problems, CommandContext& context) {
  for (const auto& problem : problems) {
    fmt::print(stderr, "{}:{}:{}: {}\n", problem.value("file", ""), problem.value("line", 1),
               problem.value("column", 1), problem.value("message", ""));
  }
  fmt::print(stderr, "fansipan: {} problems; the running center is unchanged\n", problems.size());
  context.exit_status = 1;
}

nlohmann::json ToJson(const std::vector<center::Problem>& problems) {
  nlohmann::json list = nlohmann::json::array();
  for (const center::Problem& problem : problems) {
    list.push_back({{"file", problem.file},
                    {"line", problem.line},
                    {"column", problem.column},
                    {"message", problem.message}});
  }
  return list;
}

/// What is to be done about the center's calendars as of today, and what is reported in vain.
std::vector<center::Problem> NoticesOf(const center::LoadOutcome& outcome) {
  if (!outcome.center) return {};
  const model::Date today = center::DayAt(*outcome.center, base::SystemClock().Now());
  std::vector<center::Problem> notices = center::CalendarNotices(*outcome.center, today);
  std::ranges::move(center::ReportedNotices(*outcome.center), std::back_inserter(notices));
  return notices;
}

/// Secrets that the center's sources need and the running server does not keep. Without a server
/// there is nobody to ask, and its start will tell.
std::vector<center::Problem> MissingSecrets(const center::LoadOutcome& outcome,
                                            const CommandContext& context) {
  std::vector<center::Problem> notices;
  if (!outcome.center) return notices;
  auto needed = sources::SecretsNeeded(*outcome.center);
  if (needed.empty()) return notices;
  const auto kept = LocalClient(context.data_folder).Get("/secrets", {});
  if (!kept.ok()) return notices;
  for (const auto& secret : kept->value("items", nlohmann::json::array())) {
    const auto set_at = secret.find("set_at");
    if (set_at != secret.end() && !set_at->is_null()) needed.erase(secret.value("name", ""));
  }
  for (const auto& [name, source] : needed) {
    const std::string& system = outcome.center->FindSource(source)->system;
    notices.push_back(
        {"systems/" + system + "/sources.yaml", 1, 1, sources::MissingSecretText(name, source)});
  }
  return notices;
}

void Check(const std::string& folder, CommandContext& context) {
  const auto parser = store::DuckDbExpressionParser::Open();
  if (!parser.ok()) return Fail(context, parser.error());
  const center::LoadOutcome outcome = center::LoadCenter(folder, **parser);
  const nlohmann::json problems = ToJson(outcome.problems);
  std::vector<center::Problem> notices = NoticesOf(outcome);
  std::ranges::move(MissingSecrets(outcome, context), std::back_inserter(notices));
  if (context.json) {
    const nlohmann::json result = {{"problems", problems},
                                   {"notices", ToJson(notices)},
                                   {"revision", outcome.center ? outcome.center->revision : ""}};
    fmt::print("{}\n", result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    context.exit_status = outcome.center ? 0 : 1;
    return;
  }
  if (!outcome.center) return PrintProblems(problems, context);
  const center::Center& center = *outcome.center;
  const auto measures = std::ranges::count_if(center.measures, [](const model::Measure& measure) {
    return measure.contradictions_of.empty();
  });
  fmt::print("{}: revision {}, {} units, {} datasets, {} measures, {} indicators, no problem\n",
             center.name, center.revision, center.territory.size() + center.organisation.size(),
             center.datasets.size(), measures, center.indicators.size());
  for (const center::Problem& notice : notices) {
    fmt::print("notice: {}\n", center::ToText(notice));
  }
}

/// Has the running server read the folder; what it does then, `path` says: all or nothing. Nothing
/// when that was all there is to print.
std::optional<nlohmann::json> Send(const std::string& path, const std::string& folder,
                                   nlohmann::json body, CommandContext& context) {
  std::error_code failed;
  body["folder"] = std::filesystem::absolute(folder, failed).string();
  if (failed) {
    Fail(context, {base::ErrorCode::kInvalidArgument, "unreadable_folder",
                   "'" + folder + "' is no folder that can be read"});
    return std::nullopt;
  }
  const auto answer = LocalClient(context.data_folder).Post(path, body);
  if (!IsToDescribe(answer, context)) return std::nullopt;
  for (const auto& line : answer->value("difference", nlohmann::json::array())) {
    fmt::print("{}\n", line.get<std::string>());
  }
  for (const auto& impact : answer->value("touches", nlohmann::json::array())) {
    fmt::print("touches {} {}\n", impact.value("kind", ""), impact.value("text", ""));
  }
  fmt::print("revision {}\n", answer->value("revision", ""));
  return *answer;
}

/// The member's text; empty when it is null.
std::string JsonText(const nlohmann::json& object, const char* name) {
  const nlohmann::json& member = object.at(name);
  return member.is_string() ? member.get<std::string>() : std::string();
}

std::string ShownState(const nlohmann::json& state) {
  const nlohmann::json& value = state.at("value");
  std::string text = value.is_string() ? value.get<std::string>()
                                       : "no value (" + JsonText(state, "no_value_reason") + ")";
  const std::string judgement = state.value("judgement", "");
  return judgement == "not_judged" ? text : text + " " + judgement;
}

void PrintReadings(const nlohmann::json& figures) {
  if (figures.at("read_again") == 0) return;
  fmt::print("{} deliveries of the last {} days read again, {} of them cannot be read\n",
             figures.at("read_again").get<std::uint64_t>(), figures.at("days").get<int>(),
             figures.at("failed").get<std::uint64_t>());
  for (const auto& failure : figures.at("failures")) {
    fmt::print("  delivery {} of {}: {}\n", failure.at("delivery").get<std::uint64_t>(),
               failure.value("source", ""), failure.value("message", ""));
  }
  for (const auto& rows : figures.at("rows")) {
    fmt::print("  rows of {} in {}: {} unchanged", rows.value("source", ""),
               rows.value("dataset", ""), rows.at("unchanged").get<std::uint64_t>());
    for (const auto& [change, count] : rows.at("changes").items()) {
      fmt::print(", {} {}", count.get<std::uint64_t>(), change);
    }
    fmt::print("\n");
    for (const auto& [reason, count] : rows.at("refusals").items()) {
      fmt::print("    newly refused: {} {}\n", count.get<std::uint64_t>(), reason);
    }
    for (const auto& [reason, count] : rows.at("refusals_mended").items()) {
      fmt::print("    newly taken: {} that were {}\n", count.get<std::uint64_t>(), reason);
    }
  }
}

void PrintFigures(const nlohmann::json& figures) {
  if (!figures.value("concerned", false)) {
    fmt::print("no figure is concerned\n");
    return;
  }
  PrintReadings(figures);
  fmt::print(
      "{} of {} figures of the last {} days change; {} that had no value get one, {} lose "
      "theirs\n",
      figures.at("changed").get<std::uint64_t>(), figures.at("compared").get<std::uint64_t>(),
      figures.at("days").get<int>(), figures.at("appeared").get<std::uint64_t>(),
      figures.at("gone").get<std::uint64_t>());
  for (const auto& pair : figures.at("judgements")) {
    fmt::print("judged {} and then {}: {}\n", pair.value("before", ""), pair.value("after", ""),
               pair.at("figures").get<std::uint64_t>());
  }
  for (const auto& found : figures.at("largest")) {
    const std::string difference = JsonText(found, "difference");
    fmt::print("  {} {} {}: {} → {}{}\n", found.value("indicator", ""), found.value("unit", ""),
               found.value("period", ""), ShownState(found.at("before")),
               ShownState(found.at("after")), difference.empty() ? "" : " (" + difference + ")");
  }
}

struct PlanOptions {
  std::string folder;
  bool no_figures = false;
  std::uint32_t limit = 100;
};

void Plan(const PlanOptions& options, CommandContext& context) {
  nlohmann::json body = nlohmann::json::object();
  if (!options.no_figures) body["figures"] = std::to_string(options.limit);
  const auto answer = Send("/center/plan", options.folder, std::move(body), context);
  if (answer && answer->contains("figures")) PrintFigures(answer->at("figures"));
}

}  // namespace

void AddCheckCommand(CLI::App& app, CommandContext& context) {
  auto folder = std::make_shared<std::string>();
  auto* command = app.add_subcommand("check", "Checks a center's folder");
  command->add_option("folder", *folder, "The center's folder")->required();
  command->callback([folder, &context] { Check(*folder, context); });
}

void AddPlanCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<PlanOptions>();
  auto* command = app.add_subcommand(
      "plan", "Shows how a folder differs from the running center, and which figures change by it");
  command->add_option("folder", options->folder, "The center's folder")->required();
  command->add_flag("--no-figures", options->no_figures, "Without the figures that change");
  command->add_option("--limit", options->limit, "How many of the figures that change are listed")
      ->check(CLI::Range(1, 10'000));
  command->callback([options, &context] { Plan(*options, context); });
}

void AddApplyCommand(CLI::App& app, CommandContext& context) {
  auto folder = std::make_shared<std::string>();
  auto* command = app.add_subcommand("apply", "Makes a folder's center the running one");
  command->add_option("folder", *folder, "The center's folder")->required();
  command->callback(
      [folder, &context] { Send("/center/apply", *folder, nlohmann::json::object(), context); });
}

}  // namespace fansipan::cli
