#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/internal/change_text.h"
#include "cli/internal/local_client.h"
#include "cli/internal/passport_text.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

struct ExplainOptions {
  Query figure;
  std::string measure;
  std::string cursor;
  std::string version;
  std::string since;
  std::string until;
};

void PrintRecords(const nlohmann::json& answer) {
  std::vector<std::string> header = {"sequence", "delivery"};
  std::vector<std::vector<std::string>> rows;
  for (const auto& column : answer.at("columns")) header.push_back(Show(column, "name"));
  for (const auto& record : answer.at("items")) {
    std::vector<std::string> row = {Show(record, "sequence"), Show(record, "delivery")};
    for (const auto& column : answer.at("columns")) {
      row.push_back(Show(record.at("values"), Show(column, "name").c_str()));
    }
    rows.push_back(std::move(row));
  }
  fmt::print("{}", FormatTable(header, rows));
  if (!answer.at("next").is_null()) {
    fmt::print("more: --cursor {}\n", answer.at("next").get<std::string>());
  }
}

/// From a version to its delivery and the archived bytes of the rows it came from.
void ExplainVersion(const LocalClient& client, const std::string& sequence,
                    CommandContext& context) {
  const auto version = client.Get("/versions/" + Segment(sequence), {});
  if (!version.ok()) return Fail(context, version.error());
  const auto raw = client.Get("/versions/" + Segment(sequence) + "/raw", {});
  if (!raw.ok()) return Fail(context, raw.error());
  if (context.json) {
    const nlohmann::json both = {{"version", *version}, {"raw", *raw}};
    fmt::print("{}\n", both.dump(2));
    return;
  }
  fmt::print("{}\n", version->dump(2));
  for (const auto& row : raw->at("rows")) {
    if (!row.value("of_version", true)) continue;  // its neighbours come along
    const char* part = raw->contains("sheet") ? "sheet" : "layer";
    if (raw->contains(part)) {
      fmt::print("row {} ({} '{}', row {}):\n{}\n", Show(row, "row"), part,
                 Visible(Show(*raw, part)), Show(row, "line"), Visible(Show(row, "text")));
      continue;
    }
    fmt::print("row {} (line {}, bytes {} to {}):\n{}\n", Show(row, "row"), Show(row, "line"),
               Show(row, "offset"),
               row.at("offset").get<std::uint64_t>() + row.at("length").get<std::uint64_t>(),
               Visible(Show(row, "text")));
  }
}

/// Why a figure changed: its steps, each from where the one before ended.
void ExplainChange(const LocalClient& client, const ExplainOptions& options,
                   CommandContext& context) {
  Query query = options.figure;
  query.erase("as_of");
  query["from"] = options.since;
  query["to"] = options.until;
  const auto answer = client.Get("/explain/change", query);
  if (!IsToDescribe(answer, context)) return;
  fmt::print("{}", DescribeChange(*answer));
}

void Explain(const ExplainOptions& options, CommandContext& context) {
  const LocalClient client(context.data_folder);
  if (!options.since.empty()) return ExplainChange(client, options, context);
  if (!options.version.empty()) return ExplainVersion(client, options.version, context);
  if (!options.measure.empty()) {
    Query query = options.figure;
    query.erase("indicator");
    query["measure"] = options.measure;
    query["cursor"] = options.cursor;
    const auto answer = client.Get("/explain/records", query);
    if (!IsToDescribe(answer, context)) return;
    PrintRecords(*answer);
    return;
  }
  const auto answer = client.Get("/explain", options.figure);
  if (!IsToDescribe(answer, context)) return;
  fmt::print("{}", DescribeFigure(answer->at("figure")));
  fmt::print("  records of a part: add --measure NAME\n");
}

}  // namespace

void AddExplainCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = app.add_subcommand(
      "explain", "From a figure to its parts, records, versions and archived bytes");
  command->add_option("indicator", options->figure["indicator"], "Name of an indicator");
  command->add_option("--unit", options->figure["unit"], "Code of a unit; default: the root");
  command->add_option("--tree", options->figure["tree"], "territory or organisation");
  command->add_option("--period", options->figure["period"], "As for 'figure'");
  command->add_option("--as-of", options->figure["as_of"], "A past moment, RFC 3339");
  command->add_option("--since", options->since,
                      "Why it changed since this moment, RFC 3339; adds up cause by cause");
  command->add_option("--until", options->until, "With --since: until this moment; default: now");
  command->add_option("--territory", options->figure["territory"], "As for 'figure'");
  command->add_option("--measure", options->measure, "List the records of this part");
  command->add_option("--cursor", options->cursor, "Go on where a list of records ended");
  command->add_option("--version", options->version, "Show this version and its archived bytes");
  command->callback([options, &context] { Explain(*options, context); });
}

}  // namespace fansipan::cli
