#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "center/load.h"
#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/problems.h"
#include "cli/internal/table.h"
#include "http/rendering/source_trial_rendering.h"
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

void PrintRow(const nlohmann::json& row, const nlohmann::json& sheet) {
  if (sheet.is_null()) {
    fmt::print("row {}, line {}, byte {}\n", Show(row, "raw_row"), Show(row, "line"),
               Show(row, "byte_offset"));
  } else {
    fmt::print("row {}, sheet '{}', row {} of it\n", Show(row, "raw_row"),
               Visible(sheet.get<std::string>()), Show(row, "line"));
  }
  fmt::print("  raw      {}\n", Visible(row.at("raw").get<std::string>()));
  for (const auto& candidate : row.at("candidates")) {
    std::string values;
    for (const auto& [column, text] : candidate.at("values").items()) {
      const auto value = text.get<std::string>();
      if (value.empty()) continue;
      if (!values.empty()) values += "  ";
      values += fmt::format("{}={}", column, value);
    }
    fmt::print("  mapped   {}: {}\n", Show(candidate, "dataset"), Visible(values));
  }
  for (const auto& entry : row.at("refused")) {
    fmt::print("  refused  {}: {}\n", Show(entry, "reason"),
               Visible(entry.at("message").get<std::string>()));
  }
  if (row.at("candidates").empty() && row.at("refused").empty()) {
    fmt::print("  skipped by declaration\n");
  }
}

/// As http::WriteTrial writes it.
void PrintTrial(const nlohmann::json& trial) {
  for (const auto& row : trial.at("rows")) PrintRow(row, trial.at("sheet"));
  const nlohmann::json& counts = trial.at("counts");
  fmt::print("{} raw rows = {} mapped + {} skipped + {} refused\n", Show(counts, "raw_rows"),
             Show(counts, "mapped"), Show(counts, "skipped"), Show(counts, "refused"));
  fmt::print("{} candidates = {} accepted + {} repeated + {} in conflict + {} quarantined\n",
             Show(counts, "candidates"), Show(counts, "accepted"), Show(counts, "repeated"),
             Show(counts, "in_conflict"), Show(counts, "quarantined"));
  for (const auto& [reason, count] : trial.at("reasons").items()) {
    fmt::print("refused: {} {}\n", count.get<std::uint64_t>(), reason);
  }
  if (!trial.at("old_codes").is_null()) {
    fmt::print("old codes: {} rows\n", Show(trial, "old_codes"));
  }
}

/// As http::WriteSourceTrial writes it.
void PrintSourceTrial(const nlohmann::json& shown) {
  const nlohmann::json& name = shown.at("file_name");
  fmt::print("source '{}' sent {} bytes{}\n", Show(shown, "source"), Show(shown, "bytes"),
             name.is_null() ? "" : " as '" + Visible(name.get<std::string>()) + "'");
  for (const auto& [what, text] : shown.at("told").items()) {
    fmt::print("told beside them: {} {}\n", what, Visible(text.get<std::string>()));
  }
  if (shown.at("trial").is_null()) {
    const nlohmann::json& refused = shown.at("refused");
    fmt::print("begins   {}\n", Visible(shown.at("begins").get<std::string>()));
    fmt::print("refused  {}: {}\n", Show(refused, "reason"),
               Visible(refused.at("message").get<std::string>()));
  } else {
    PrintTrial(shown.at("trial"));
  }
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

/// A payload that is here, or archived, read by the folder's rules in this program.
void TryPayload(const TryArguments& arguments, CommandContext& context) {
  if (arguments.center.empty()) {
    return Fail(context, {base::ErrorCode::kInvalidArgument, "no_center",
                          "name the folder whose mappings are tried with --center"});
  }
  const auto trial = RunTrial(arguments, context);
  if (!trial.ok()) return Fail(context, trial.error());
  http::JsonWriter writer;
  writer.BeginObject();
  http::WriteTrial(writer, *trial);
  writer.EndObject();
  const auto shown = nlohmann::json::parse(writer.Take());
  if (context.json) {
    fmt::print("{}\n", shown.dump(2));
  } else {
    PrintTrial(shown);
    fmt::print("nothing was recorded\n");
  }
  if (!trial->reasons.empty()) context.exit_status = 1;
}

/// Has the running server ask the source once.
void TryAsking(const TryArguments& arguments, CommandContext& context) {
  nlohmann::json body = {{"rows", std::to_string(arguments.rows)}};
  if (!arguments.center.empty()) {
    std::error_code failed;
    body["folder"] = std::filesystem::absolute(arguments.center, failed).string();
    if (failed) {
      return Fail(context, {base::ErrorCode::kInvalidArgument, "unreadable_folder",
                            "'" + arguments.center + "' is no folder that can be read"});
    }
  }
  const auto shown =
      LocalClient(context.data_folder).Post("/sources/" + Segment(arguments.source) + "/try", body);
  if (IsToDescribe(shown, context)) {
    PrintSourceTrial(*shown);
    fmt::print("nothing was recorded\n");
  }
  if (!shown.ok()) return;
  const nlohmann::json& trial = shown->at("trial");
  if (trial.is_null() || !trial.at("reasons").empty()) context.exit_status = 1;
}

void TrySource(const TryArguments& arguments, CommandContext& context) {
  if (!arguments.file.empty() && !arguments.delivery.empty()) {
    return Fail(context, {base::ErrorCode::kInvalidArgument, "two_payloads",
                          "name a file, or a delivery with --delivery, or neither: then the "
                          "source is asked"});
  }
  const bool is_asked = arguments.file.empty() && arguments.delivery.empty();
  return is_asked ? TryAsking(arguments, context) : TryPayload(arguments, context);
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
      "try",
      "Asks the source once, or reads a payload, and shows what that would become, raw, mapped and "
      "refused; records nothing");
  attempt->add_option("source", arguments->source, "The source's name")->required();
  attempt->add_option("file", arguments->file,
                      "A file as the source would send it; without one the running server asks the "
                      "source");
  attempt->add_option("--delivery", arguments->delivery,
                      "Instead of a file: a delivery that the running server has archived");
  attempt->add_option("--center", arguments->center,
                      "The center's folder, applied or not; default where the source is asked: the "
                      "running center");
  attempt->add_option("--rows", arguments->rows, "So many rows are shown, and so many refused ones")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  attempt->callback([arguments, &context] { TrySource(*arguments, context); });
}

}  // namespace fansipan::cli
