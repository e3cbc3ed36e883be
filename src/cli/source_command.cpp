#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "center/load.h"
#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/problems.h"
#include "cli/internal/table.h"
#include "sources/process_mapping_worker.h"
#include "sources/trial.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::cli {
namespace {

struct TryArguments {
  std::string source;
  std::string file;
  std::string delivery;
  std::string center;
  std::size_t rows = 10;
};

base::Result<std::shared_ptr<const center::Center>> LoadFolder(const std::string& folder) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto parser, store::DuckDbExpressionParser::Open());
  const center::LoadOutcome outcome = center::LoadCenter(folder, *parser);
  if (outcome.center) return outcome.center;
  return ProblemsIn(folder, "center_has_problems", outcome.problems);
}

/// A file's bytes, or those that the running server has archived of a delivery.
base::Result<std::string> ReadPayload(const TryArguments& arguments, const center::Source& source,
                                      const CommandContext& context) {
  if (!arguments.delivery.empty()) {
    return LocalClient(context.data_folder)
        .GetText("/deliveries/" + Segment(arguments.delivery) + "/payload", {},
                 "application/octet-stream");
  }
  return base::PosixFileSystem().ReadWhole(arguments.file, source.limits.payload_bytes);
}

nlohmann::json ToJson(const model::QuarantinedRow& entry) {
  return {{"column", entry.column},
          {"value", entry.value},
          {"reason", entry.reason},
          {"message", entry.message}};
}

nlohmann::json ToJson(const sources::TrialRow& row) {
  nlohmann::json candidates = nlohmann::json::array();
  for (const sources::TrialCandidate& candidate : row.candidates) {
    nlohmann::json values = nlohmann::json::object();
    for (const auto& [column, text] : candidate.values) values[column] = text;
    candidates.push_back({{"dataset", candidate.dataset}, {"values", std::move(values)}});
  }
  nlohmann::json refused = nlohmann::json::array();
  for (const model::QuarantinedRow& entry : row.refused) refused.push_back(ToJson(entry));
  return {{"raw_row", row.raw_row}, {"byte_offset", row.span.offset}, {"line", row.span.line},
          {"raw", row.raw},         {"candidates", candidates},       {"refused", refused}};
}

nlohmann::json ToJson(const sources::Trial& trial) {
  const model::DeliveryCounts& counts = trial.counts;
  nlohmann::json rows = nlohmann::json::array();
  for (const sources::TrialRow& row : trial.rows) rows.push_back(ToJson(row));
  return {{"counts",
           {{"raw_rows", counts.raw_rows},
            {"mapped", counts.mapped},
            {"skipped", counts.skipped},
            {"refused", counts.refused},
            {"candidates", counts.candidates},
            {"accepted", counts.accepted},
            {"repeated", counts.repeated},
            {"in_conflict", counts.in_conflict},
            {"quarantined", counts.quarantined}}},
          {"old_codes", trial.old_codes ? nlohmann::json(trial.old_codes->rows) : nlohmann::json()},
          {"sheet", trial.sheet.empty() ? nlohmann::json() : nlohmann::json(trial.sheet)},
          {"reasons", trial.reasons},
          {"rows", rows}};
}

void Print(const sources::TrialRow& row, const std::string& sheet) {
  if (sheet.empty()) {
    fmt::print("row {}, line {}, byte {}\n", row.raw_row, row.span.line, row.span.offset);
  } else {
    fmt::print("row {}, sheet '{}', row {} of it\n", row.raw_row, Visible(sheet), row.span.line);
  }
  fmt::print("  raw      {}\n", Visible(row.raw));
  for (const sources::TrialCandidate& candidate : row.candidates) {
    std::string values;
    for (const auto& [column, text] : candidate.values) {
      if (text.empty()) continue;
      if (!values.empty()) values += "  ";
      values += fmt::format("{}={}", column, text);
    }
    fmt::print("  mapped   {}: {}\n", candidate.dataset, Visible(values));
  }
  for (const model::QuarantinedRow& entry : row.refused) {
    fmt::print("  refused  {}: {}\n", entry.reason, Visible(entry.message));
  }
  if (row.candidates.empty() && row.refused.empty()) fmt::print("  skipped by declaration\n");
}

void Print(const sources::Trial& trial) {
  for (const sources::TrialRow& row : trial.rows) Print(row, trial.sheet);
  const model::DeliveryCounts& counts = trial.counts;
  fmt::print("{} raw rows = {} mapped + {} skipped + {} refused\n", counts.raw_rows, counts.mapped,
             counts.skipped, counts.refused);
  fmt::print("{} candidates = {} accepted + {} repeated + {} in conflict + {} quarantined\n",
             counts.candidates, counts.accepted, counts.repeated, counts.in_conflict,
             counts.quarantined);
  for (const auto& [reason, count] : trial.reasons) fmt::print("refused: {} {}\n", count, reason);
  if (trial.old_codes) fmt::print("old codes: {} rows\n", trial.old_codes->rows);
  fmt::print("nothing was recorded\n");
}

base::Result<sources::Trial> RunTrial(const TryArguments& arguments,
                                      const CommandContext& context) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto center, LoadFolder(arguments.center));
  const center::Source* source = center->FindSource(arguments.source);
  if (source == nullptr) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_source",
                       arguments.center + " declares no source '" + arguments.source + "'"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(std::string payload, ReadPayload(arguments, *source, context));
  sources::ProcessMappingWorker worker({.program = context.program, .processes = 1});
  return sources::Try({.center = center.get(),
                       .source = source,
                       .payload = std::move(payload),
                       .archived = !arguments.delivery.empty(),
                       .received_at = base::SystemClock().Now(),
                       .rows = arguments.rows},
                      worker);
}

void TrySource(const TryArguments& arguments, CommandContext& context) {
  if (arguments.file.empty() == arguments.delivery.empty()) {
    return Fail(context, {base::ErrorCode::kInvalidArgument, "no_payload",
                          "name a file, or a delivery with --delivery"});
  }
  const auto trial = RunTrial(arguments, context);
  if (!trial.ok()) return Fail(context, trial.error());
  if (context.json) {
    fmt::print("{}\n",
               ToJson(*trial).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    Print(*trial);
  }
  if (!trial->reasons.empty()) context.exit_status = 1;
}

void Pause(const std::string& source, const std::string& reason, CommandContext& context) {
  const auto paused = LocalClient(context.data_folder)
                          .Put("/sources/" + Segment(source) + "/pause", {{"reason", reason}});
  if (!paused.ok()) return Fail(context, paused.error());
  if (!context.json) fmt::print("source '{}' is paused\n", source);
}

void Resume(const std::string& source, CommandContext& context) {
  const auto resumed =
      LocalClient(context.data_folder).Delete("/sources/" + Segment(source) + "/pause");
  if (!resumed.ok()) return Fail(context, resumed.error());
  if (!context.json) fmt::print("source '{}' is not paused\n", source);
}

void List(CommandContext& context) {
  const auto list = LocalClient(context.data_folder).Get("/sources", {});
  if (!IsToDescribe(list, context)) return;
  std::vector<std::vector<std::string>> rows;
  for (const auto& source : list->at("items")) {
    const nlohmann::json& why =
        source.at("paused").is_null() ? source.at("trouble") : source.at("paused");
    rows.push_back({Show(source, "name"), Show(source, "state"), Show(source, "since"),
                    Show(source, "answer"), Show(source, "last_good_delivery_at"),
                    Show(source, "expected_by"), why.is_null() ? "" : Show(why, "reason")});
  }
  fmt::print("{}", FormatTable({"source", "state", "since", "answer", "last good delivery",
                                "expected by", "why"},
                               rows));
}

void ListEvents(const Query& query, CommandContext& context) {
  const auto list = LocalClient(context.data_folder).Get("/source-events", query);
  if (!IsToDescribe(list, context)) return;
  std::vector<std::vector<std::string>> rows;
  for (const auto& event : list->at("items")) {
    std::string course;
    for (const auto& step : event.at("steps")) {
      course += (course.empty() ? "" : ", ") + Show(step, "state");
    }
    const std::string left_out = Show(event, "steps_left_out");
    if (left_out != "0") course += " (and " + left_out + " between)";
    rows.push_back({Show(event, "source"), Show(event, "opened_at"), Show(event, "closed_at"),
                    course, Show(event, "feeds")});
  }
  fmt::print("{}", FormatTable({"source", "opened", "closed", "course", "figures fed"}, rows));
}

void AddPauseCommands(CLI::App& command, CommandContext& context) {
  struct Arguments {
    std::string source;
    std::string reason;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* list = command.add_subcommand("list", "How each source stands, since when and why");
  list->callback([&context] { List(context); });
  auto query = std::make_shared<Query>();
  auto* events = command.add_subcommand(
      "events", "Times in which a source was not on time, one event each, open ones first");
  events->add_option("--since", (*query)["from"], "RFC 3339; default: 30 days before the end");
  events->add_option("--until", (*query)["to"], "RFC 3339; default: now");
  events->callback([query, &context] { ListEvents(*query, context); });
  auto* pause = command.add_subcommand(
      "pause", "Has a source stand still: it is not asked, and what it sends is refused");
  pause->add_option("source", arguments->source, "The source's name")->required();
  pause->add_option("--reason", arguments->reason, "Shown beside every figure that it feeds")
      ->required();
  pause->callback([arguments, &context] { Pause(arguments->source, arguments->reason, context); });
  auto* resume = command.add_subcommand("resume", "Ends a source's pause");
  resume->add_option("source", arguments->source, "The source's name")->required();
  resume->callback([arguments, &context] { Resume(arguments->source, context); });
}

}  // namespace

void AddSourceCommand(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("source", "How sources stand, and help to declare one");
  command->require_subcommand(1);
  AddPauseCommands(*command, context);
  auto arguments = std::make_shared<TryArguments>();
  auto* attempt = command->add_subcommand(
      "try", "Shows what a payload would become, raw, mapped and refused; records nothing");
  attempt->add_option("source", arguments->source, "The source's name")->required();
  attempt->add_option("file", arguments->file, "A file as the source would send it");
  attempt->add_option("--delivery", arguments->delivery,
                      "Instead of a file: a delivery that the running server has archived");
  attempt->add_option("--center", arguments->center, "The center's folder, applied or not")
      ->required();
  attempt->add_option("--rows", arguments->rows, "So many rows are shown, and so many refused ones")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  attempt->callback([arguments, &context] { TrySource(*arguments, context); });
}

}  // namespace fansipan::cli
