#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/internal/push_counts.h"
#include "cli/internal/source_tokens.h"
#include "cli/internal/stop_on_signal.h"
#include "simulation/options.h"
#include "simulation/province/province_run.h"

namespace fansipan::cli {
namespace {

constexpr double kMostTimes = 1'000;
constexpr base::Duration kStoriesAhead = std::chrono::days(30);

/// What the command line says, before its spans of time, faults and tokens are read.
struct ProvinceArguments {
  std::string center_folder = "centers/laocai";
  std::string tokens_file;
  std::string history;
  std::string duration = "0";
  std::string heartbeat = "30s";
  std::string late_for = "10m";
  std::vector<std::string> faults;
  std::vector<std::string> only;
  std::vector<std::string> without;
  std::uint64_t seed = 1;
  double times = 1;
  bool stories = false;
  simulation::ProvinceOptions options{.connections = 3};  // as many as a center reads at once
};

base::Result<simulation::ProvinceModels> MakeModels(const ProvinceArguments& arguments,
                                                    base::FileSystem& files) {
  if (!std::isfinite(arguments.times) || arguments.times <= 0 || arguments.times > kMostTimes) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "wrong_option",
        fmt::format("--times {}: allowed is more than 0, up to {}", arguments.times, kMostTimes)};
  }
  FANSIPAN_ASSIGN_OR_RETURN(
      simulation::Province province,
      simulation::LoadProvince(files, arguments.center_folder, base::SystemClock().Now()));
  province.seed = arguments.seed;
  province.intensity = arguments.times;
  simulation::ProvinceModels models = simulation::MakeProvinceModels(province);
  FANSIPAN_RETURN_IF_ERROR(simulation::ChooseModels(arguments.only, arguments.without, models));
  return models;
}

base::Result<simulation::ProvinceOptions> ReadOptions(const ProvinceArguments& arguments,
                                                      base::FileSystem& files) {
  simulation::ProvinceOptions options = arguments.options;
  options.seed = arguments.seed;
  if (!arguments.history.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(options.history, simulation::ParseSpan(arguments.history));
  }
  FANSIPAN_ASSIGN_OR_RETURN(options.duration, simulation::ParseSpan(arguments.duration));
  FANSIPAN_ASSIGN_OR_RETURN(options.heartbeat_every, simulation::ParseSpan(arguments.heartbeat));
  FANSIPAN_ASSIGN_OR_RETURN(options.late_for, simulation::ParseSpan(arguments.late_for));
  for (const std::string& fault : arguments.faults) {
    FANSIPAN_RETURN_IF_ERROR(simulation::SetSourceFault(fault, options.faults));
  }
  if (!arguments.tokens_file.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(options.tokens, LoadSourceTokens(arguments.tokens_file, files));
  }
  return options;
}

std::string MomentText(base::Timestamp moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(moment - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

void PrintStories(const simulation::ProvinceModels& models) {
  nlohmann::ordered_json stories = nlohmann::ordered_json::array();
  const base::Timestamp now = base::SystemClock().Now();
  for (const simulation::PlantedStory& story : simulation::StoriesOf(models, now, kStoriesAhead)) {
    stories.push_back({{"name", story.name},
                       {"system", story.system},
                       {"indicator", story.indicator},
                       {"unit", story.unit},
                       {"from", MomentText(story.from)},
                       {"until", MomentText(story.until)},
                       {"text", story.text}});
  }
  fmt::print("{}\n", stories.dump(2));
}

void PrintCounts(const simulation::ProvinceCounts& counts, bool as_json) {
  if (as_json) {
    nlohmann::json line = CountsJson(counts.pushed);
    line["files"] = counts.files;
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print("{}; {} files dropped\n", CountsText(counts.pushed), counts.files);
  }
  std::fflush(stdout);
}

void SimulateProvince(const ProvinceArguments& arguments, CommandContext& context) {
  base::PosixFileSystem files;
  const auto models = MakeModels(arguments, files);
  if (!models.ok()) return Fail(context, models.error());
  if (arguments.stories) return PrintStories(*models);
  auto options = ReadOptions(arguments, files);
  if (!options.ok()) return Fail(context, options.error());
  options->on_counts = [as_json = context.json](const simulation::ProvinceCounts& counts) {
    PrintCounts(counts, as_json);
  };
  std::stop_source stop;
  const StopOnSignal signals(stop);
  const base::Status ended = simulation::RunProvince(*options, *models, stop.get_token());
  if (!ended.ok()) Fail(context, ended.error());
}

void AddPace(CLI::App& command, ProvinceArguments& arguments) {
  command.add_option("--history", arguments.history,
                     "Most time before now that is sent first, such as 30d; default: what each "
                     "system needs for its figures to have their past");
  command.add_option(
      "--speed", arguments.options.speed,
      "How fast time passes after the history (1); above 1 dates run ahead of today");
  command.add_option("--times", arguments.times,
                     "Live volume as a multiple of the usual one, where a system can (1)");
  command.add_option("--duration", arguments.duration, "Ends after this time, e.g. 60s");
  command.add_option("--heartbeat", arguments.heartbeat,
                     "A source that has nothing new gives a sign of life so often (30s)");
  command.add_option("--connections", arguments.options.connections,
                     "That send the history side by side (3); 1: in the order of moments");
}

void AddFaults(CLI::App& command, ProvinceArguments& arguments) {
  command.add_option("--fault", arguments.faults,
                     "Share of deliveries with a fault, of all sources (late=0.1) or of one "
                     "(SOURCE:late=0.1): late, silent, duplicated, reordered, drifted, truncated; "
                     "may stand several times");
  command.add_option("--late-for", arguments.late_for, "How late a late delivery is (10m)");
}

}  // namespace

void AddSimulateProvinceCommand(CLI::App& simulate, CommandContext& context) {
  auto arguments = std::make_shared<ProvinceArguments>();
  simulation::ProvinceOptions& options = arguments->options;
  auto* command = simulate.add_subcommand(
      "province", "All other systems of the sample center, each with its sources");
  command->add_option("--center", arguments->center_folder,
                      "Folder with the communes and agencies");
  command->add_option("--url", options.url, "The running center");
  command->add_option("--tokens", arguments->tokens_file,
                      "File with a line 'source token' for each source, for its owner alone");
  command->add_option("--drop", options.drop_folder,
                      "What is a file is put into FOLDER/<source>/ instead of pushed");
  command->add_option("--only", arguments->only, "Only this system; may stand several times");
  command->add_option("--without", arguments->without, "All but this system; several times, too");
  command->add_option("--seed", arguments->seed, "Another seed, another province of records (1)");
  command->add_flag("--gzip", options.gzip, "Compresses deliveries");
  command->add_flag("--allow-remote", options.allow_remote,
                    "Allows a center that is not on this machine");
  command->add_flag("--stories", arguments->stories,
                    "Prints what the records tell without saying it, as JSON, and ends");
  AddPace(*command, *arguments);
  AddFaults(*command, *arguments);
  command->callback([arguments, &context] {
    const bool is_sent = !arguments->tokens_file.empty() || !arguments->options.drop_folder.empty();
    if (!arguments->stories && !is_sent) throw CLI::RequiredError("--tokens or --drop");
    SimulateProvince(*arguments, context);
  });
}

}  // namespace fansipan::cli
