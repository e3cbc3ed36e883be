#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

constexpr std::size_t kMaxMapping = 256U << 10U;

struct Arguments {
  Query filter;
  bool csv = false;
  bool summary = false;
  std::string reason;
  std::string count;
  std::string delivery;
  std::string row;
  std::string mapping;
};
using SharedArguments = std::shared_ptr<Arguments>;

void AddFilter(CLI::App& command, Query& filter) {
  command.add_option("--delivery", filter["delivery"], "Only of this delivery");
  command.add_option("--source", filter["source"], "Only of this source");
  command.add_option("--dataset", filter["dataset"], "Only of this dataset");
  command.add_option("--fault", filter["reason"], "Only set aside for this, such as not_allowed");
  command.add_option("--column", filter["column"], "Only at fault in this column; -: as a whole");
  command.add_option("--row", filter["row"], "Only this raw row");
  command.add_option("--open", filter["open"], "false: also those that are resolved or discarded");
  command.add_option("--cursor", filter["cursor"], "Go on where a list ended");
}

/// Without the page.
Query RowsOnly(Query filter) {
  filter.erase("cursor");
  return filter;
}

void PrintRows(const nlohmann::json& answer) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : answer.at("items")) {
    const auto& decision = row.at("decision");
    rows.push_back({Show(row, "delivery"), Show(row, "dataset"), Show(row, "raw_row"),
                    Show(row, "column"), Show(row, "value"), Show(row, "reason"),
                    decision.is_null() ? "–" : Show(decision, "verdict")});
  }
  fmt::print(
      "{}",
      FormatTable({"delivery", "dataset", "row", "column", "value", "reason", "decision"}, rows));
  if (!answer.at("next").is_null()) {
    fmt::print("more: --cursor {}\n", answer.at("next").get<std::string>());
  }
}

void PrintSummary(const nlohmann::json& answer) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& group : answer.at("items")) {
    rows.push_back({Show(group, "source"), Show(group, "dataset"), Show(group, "column"),
                    Show(group, "reason"), Show(group, "rows"), Show(group, "deliveries"),
                    Show(group, "last_recorded_at")});
  }
  fmt::print("{}", FormatTable({"source", "dataset", "column", "reason", "rows", "deliveries",
                                "last recorded at"},
                               rows));
}

void List(const Arguments& arguments, CommandContext& context) {
  const LocalClient client(context.data_folder);
  if (arguments.csv) {
    const auto text = client.GetText("/quarantine", arguments.filter, "text/csv");
    if (!text.ok()) return Fail(context, text.error());
    fmt::print("{}", *text);
    return;
  }
  const auto answer = arguments.summary
                          ? client.Get("/quarantine/summary", RowsOnly(arguments.filter))
                          : client.Get("/quarantine", arguments.filter);
  if (!IsToDescribe(answer, context)) return;
  if (arguments.summary) return PrintSummary(*answer);
  PrintRows(*answer);
}

/// The row as it came, with the bytes, and what is wrong with it.
void ShowRow(const Arguments& arguments, CommandContext& context) {
  const LocalClient client(context.data_folder);
  const auto raw =
      client.Get("/deliveries/" + Segment(arguments.delivery) + "/raw", {{"row", arguments.row}});
  if (!IsToDescribe(raw, context)) return;
  for (const auto& row : raw->at("rows")) {
    const bool is_own = row.at("of_version").get<bool>();
    fmt::print("{} {:>8}  {}\n", is_own ? ">" : " ", Show(row, "row"),
               Visible(row.at("text").get<std::string>()));
    if (!is_own) continue;
    fmt::print("           line {}, byte {}, {} bytes\n", Show(row, "line"), Show(row, "offset"),
               Show(row, "length"));
    if (row.contains("bytes")) fmt::print("           {}\n", Show(row, "bytes"));
  }
  const auto faults = client.Get(
      "/quarantine", {{"delivery", arguments.delivery}, {"row", arguments.row}, {"open", "false"}});
  if (!faults.ok()) return Fail(context, faults.error());
  for (const auto& fault : faults->at("items")) {
    fmt::print("{}: {}{}\n", Show(fault, "reason"), Visible(Show(fault, "message")),
               fault.at("resolved_by").is_null() ? "" : " (resolved)");
    const auto& decision = fault.at("decision");
    if (decision.is_null()) continue;
    fmt::print("  {} by {} at {}: {}\n", Show(decision, "verdict"), Show(decision, "decided_by"),
               Show(decision, "decided_at"), Visible(Show(decision, "reason")));
  }
}

void Decide(const std::string& verdict, const Arguments& arguments, CommandContext& context) {
  nlohmann::json body = {{"verdict", verdict}, {"reason", arguments.reason}};
  if (!arguments.count.empty()) body["count"] = arguments.count;
  const auto done = LocalClient(context.data_folder)
                        .Post(WithQuery("/quarantine/decisions", RowsOnly(arguments.filter)), body);
  if (!IsToDescribe(done, context)) return;
  fmt::print("{} rows of {} deliveries {}; {} deliveries were read again\n", Show(*done, "rows"),
             Show(*done, "deliveries"), verdict, Show(*done, "read_again"));
  if (done->at("still_open") == 0) return;
  fmt::print("{} of them stay in quarantine for another fault\n", Show(*done, "still_open"));
}

base::Result<std::string> ReadMapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::Error{base::ErrorCode::kNotFound, "no_such_file", "'" + path + "' cannot be read"};
  }
  std::string text(kMaxMapping + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() <= kMaxMapping) return text;
  return base::Error{base::ErrorCode::kTooLarge, "mapping_too_large",
                     "'" + path + "' has more than 256 KB"};
}

std::string OutcomeText(const nlohmann::json& outcome) {
  std::string text;
  for (const auto& fault : outcome.at("faults")) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", Show(fault, "reason"),
                        Show(fault, "column"));
  }
  for (const auto& record : outcome.at("records")) {
    std::string values;
    for (const auto& [column, value] : record.items()) {
      values += fmt::format("{}{}={}", values.empty() ? "" : " ", column, value.get<std::string>());
    }
    text += (text.empty() ? "" : "; ") + values;
  }
  return text.empty() ? "–" : Visible(text);
}

void PrintTrial(const nlohmann::json& trial) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : trial.at("rows")) {
    rows.push_back({Show(row, "delivery"), Show(row, "raw_row"), Show(row, "change"),
                    OutcomeText(row.at("before")), OutcomeText(row.at("after"))});
  }
  fmt::print("{}", FormatTable({"delivery", "row", "change", "now", "with this mapping"}, rows));
  for (const auto& [change, count] : trial.at("counts").items()) {
    fmt::print("{}: {}\n", change, count.dump());
  }
  fmt::print("unchanged: {}\n{} deliveries were read; nothing was recorded\n",
             Show(trial, "unchanged"), Show(trial, "deliveries"));
  for (const auto& unread : trial.at("unread")) {
    fmt::print("delivery {} cannot be read: {} ({})\n", Show(unread, "delivery"),
               Visible(Show(unread, "message")), Show(unread, "reason"));
  }
}

void Try(const Arguments& arguments, CommandContext& context) {
  const auto text = ReadMapping(arguments.mapping);
  if (!text.ok()) return Fail(context, text.error());
  const std::string& source = arguments.filter.at("source");
  const std::string& dataset = arguments.filter.at("dataset");
  if (source.empty() || dataset.empty()) {
    return Fail(context, {base::ErrorCode::kInvalidArgument, "no_mapping",
                          "name the mapping with --source and --dataset"});
  }
  const std::string path = WithQuery("/sources/" + Segment(source) + "/mappings/try",
                                     {{"delivery", arguments.filter.at("delivery")}});
  const auto trial =
      LocalClient(context.data_folder).Post(path, {{"dataset", dataset}, {"text", *text}});
  if (!IsToDescribe(trial, context)) return;
  PrintTrial(*trial);
}

void AddDecision(CLI::App& command, const std::string& name, const std::string& verdict,
                 const std::string& what, const SharedArguments& arguments,
                 CommandContext& context) {
  auto* decision = command.add_subcommand(name, what);
  decision->add_option("--reason", arguments->reason, "Why, for whoever reads it later")
      ->required();
  decision->add_option("--count", arguments->count, "How many rows it is about, as was seen");
  decision->callback([verdict, arguments, &context] { Decide(verdict, *arguments, context); });
}

}  // namespace

void AddQuarantineCommand(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("quarantine", "Rows that wait to be mended or decided about");
  AddFilter(*command, arguments->filter);
  command->add_flag("--csv", arguments->csv, "Export as CSV");
  command->add_flag("--summary", arguments->summary, "Count them by source, column and reason");
  auto* list = command->add_subcommand("list", "Lists them (the same without a word)");
  auto* show =
      command->add_subcommand("show", "Shows the bytes of a row and what is wrong with it");
  show->add_option("delivery", arguments->delivery, "Sequence of the delivery")->required();
  show->add_option("row", arguments->row, "The raw row, counted from 1")->required();
  show->callback([arguments, &context] { ShowRow(*arguments, context); });
  auto* attempt = command->add_subcommand(
      "try", "Shows what another text of a mapping would make of the rows; records nothing");
  attempt->add_option("--mapping", arguments->mapping, "A file with the mapping's SQL")->required();
  attempt->callback([arguments, &context] { Try(*arguments, context); });
  AddDecision(*command, "accept", "accepted", "Takes rows in that break a declared check",
              arguments, context);
  AddDecision(*command, "discard", "discarded", "Leaves rows out for good", arguments, context);
  AddDecision(*command, "reopen", "reopened", "Takes a decision back", arguments, context);
  command->callback([command, list, arguments, &context] {
    const auto chosen = command->get_subcommands();
    if (chosen.empty() || chosen.front() == list) List(*arguments, context);
  });
}

}  // namespace fansipan::cli
