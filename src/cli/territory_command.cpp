#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/time_zone.h"
#include "center/load.h"
#include "cli/command.h"
#include "cli/internal/problems.h"
#include "cli/internal/table.h"
#include "model/value.h"
#include "territory/event_text.h"
#include "territory/listing.h"

namespace fansipan::cli {
namespace {

constexpr const char* kListProblems = "list_has_problems";
constexpr std::uint64_t kLargestList = 64U << 20U;

struct MatchArguments {
  std::string before;
  std::string after;
  std::string decisions;
  std::string matches;  ///< written when not empty, as the two below
  std::string open;
  std::string events;
  territory::EventOptions event;
};

/// The lists of one match, read.
struct Lists {
  std::vector<territory::ListedUnit> before;
  std::vector<territory::ListedUnit> after;
  std::vector<territory::Decision> decisions;
};

base::Result<std::vector<territory::ListedUnit>> ReadUnits(base::FileSystem& files,
                                                           const std::string& path,
                                                           bool with_origin) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, files.ReadWhole(path, kLargestList));
  territory::Listing listing = territory::ReadListing(path, text, with_origin);
  if (!listing.problems.empty()) return ProblemsIn(path, kListProblems, listing.problems);
  return std::move(listing.units);
}

base::Result<Lists> ReadLists(base::FileSystem& files, const MatchArguments& arguments) {
  Lists lists;
  FANSIPAN_ASSIGN_OR_RETURN(lists.before, ReadUnits(files, arguments.before, false));
  FANSIPAN_ASSIGN_OR_RETURN(lists.after, ReadUnits(files, arguments.after, true));
  if (arguments.decisions.empty()) return lists;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text,
                            files.ReadWhole(arguments.decisions, kLargestList));
  auto read = territory::ReadDecisions(arguments.decisions, text, lists.before, lists.after);
  if (!read.problems.empty()) return ProblemsIn(arguments.decisions, kListProblems, read.problems);
  lists.decisions = std::move(read.decisions);
  return lists;
}

base::Status WriteResults(base::FileSystem& files, const MatchArguments& arguments,
                          const Lists& lists, const territory::MatchOutcome& outcome) {
  if (!arguments.matches.empty()) {
    FANSIPAN_RETURN_IF_ERROR(base::WriteWhole(
        files, arguments.matches, territory::WriteMatches(lists.before, lists.after, outcome)));
  }
  if (!arguments.open.empty()) {
    FANSIPAN_RETURN_IF_ERROR(base::WriteWhole(
        files, arguments.open, territory::WriteOpen(lists.before, lists.after, outcome)));
  }
  if (arguments.events.empty()) return {};
  return base::WriteWhole(
      files, arguments.events,
      territory::WriteEvents(lists.before, lists.after, outcome, arguments.event));
}

std::map<std::string, std::size_t> CountMethods(const territory::MatchOutcome& outcome) {
  std::map<std::string, std::size_t> counts;
  for (const territory::Match& match : outcome.matches) {
    ++counts[std::string(NameOf(match.method))];
  }
  return counts;
}

std::size_t CountOpen(const territory::MatchOutcome& outcome) {
  return static_cast<std::size_t>(
      std::count_if(outcome.matches.begin(), outcome.matches.end(),
                    [](const territory::Match& match) { return match.open(); }));
}

void PrintText(const MatchArguments& arguments, const Lists& lists,
               const territory::MatchOutcome& outcome) {
  const double share = outcome.lowest == 0 ? 0.0
                                           : 100.0 * static_cast<double>(outcome.settled) /
                                                 static_cast<double>(outcome.lowest);
  fmt::print("settled: {} of {} units of the list before ({:.1f} %)\n", outcome.settled,
             outcome.lowest, share);
  for (const auto& [method, count] : CountMethods(outcome)) {
    fmt::print("  {:16} {}\n", method, count);
  }
  for (const std::size_t index : outcome.unused_decisions) {
    const territory::Decision& decision = lists.decisions[index];
    fmt::print("{}:{}: this decision is not used: '{}' names no such unit as '{}'\n",
               arguments.decisions, decision.line, decision.statement, Visible(decision.mention));
  }
  const std::size_t rest = CountOpen(outcome) + outcome.unplaced.size();
  if (rest == 0) {
    fmt::print("nothing is left to decide\n");
    return;
  }
  fmt::print("to decide: {} mentions and {} units; write decisions.csv and match again\n",
             CountOpen(outcome), outcome.unplaced.size());
  if (arguments.open.empty()) {
    fmt::print("{}", territory::WriteOpen(lists.before, lists.after, outcome));
  }
}

void PrintJson(const territory::MatchOutcome& outcome) {
  const nlohmann::json result = {{"units", outcome.lowest},
                                 {"settled", outcome.settled},
                                 {"open_mentions", CountOpen(outcome)},
                                 {"open_units", outcome.unplaced.size()},
                                 {"unused_decisions", outcome.unused_decisions.size()},
                                 {"methods", CountMethods(outcome)}};
  fmt::print("{}\n", result.dump(2));
}

void MatchLists(const MatchArguments& arguments, CommandContext& context) {
  base::PosixFileSystem files;
  const auto lists = ReadLists(files, arguments);
  if (!lists.ok()) return Fail(context, lists.error());
  const territory::MatchOutcome outcome =
      territory::MatchOrigins(lists->before, lists->after, lists->decisions);
  if (const auto written = WriteResults(files, arguments, *lists, outcome); !written.ok()) {
    return Fail(context, written.error());
  }
  context.json ? PrintJson(outcome) : PrintText(arguments, *lists, outcome);
  // What is open is told; whoever builds on the events must know that they are not all.
  if (CountOpen(outcome) + outcome.unplaced.size() > 0) context.exit_status = 1;
}

}  // namespace

void AddTerritoryCommand(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("territory", "Prepares the lineage of a center's units");
  command->require_subcommand(1);
  auto arguments = std::make_shared<MatchArguments>();
  auto* match = command->add_subcommand(
      "match", "Finds the old units that an official text says new ones were made of");
  match->add_option("--before", arguments->before, "CSV: code, level, full_name, parent")
      ->required();
  match
      ->add_option("--after", arguments->after,
                   "CSV: the same, and origin, the official text on each unit")
      ->required();
  match->add_option("--decisions", arguments->decisions,
                    "CSV: statement, mention, units, who, day, why");
  match->add_option("--matches", arguments->matches, "Writes how each unit was found");
  match->add_option("--open", arguments->open, "Writes what a person must decide");
  auto* events = match->add_option("--events", arguments->events,
                                   "Writes events.csv of all that is settled; of nothing that "
                                   "goes into a unit with an open mention");
  auto* day =
      match->add_option("--day", arguments->event.day, "First day of the new units, YYYY-MM-DD");
  day->check([](const std::string& text) {
    const auto utc = base::TimeZone::Utc();
    const bool is_day = model::ParseValue(text, model::ColumnType::kDate, 0, utc).ok();
    return is_day ? std::string() : "'" + text + "' is no day; write one such as 2026-07-01";
  });
  events->needs(day);
  match->add_option("--suffix", arguments->event.suffix,
                    "Goes behind the codes of units that end, e.g. @2025");
  match->add_option("--basis", arguments->event.basis, "The decision that it rests on");
  match->callback([arguments, &context] { MatchLists(*arguments, context); });
}

}  // namespace fansipan::cli
