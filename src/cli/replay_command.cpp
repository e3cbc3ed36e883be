#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

constexpr std::chrono::milliseconds kLookAgain{500};

struct Arguments {
  std::string delivery;
  Query range;
  bool all = false;
  bool status = false;
  bool stop = false;
  bool no_wait = false;
};

void ReplayOne(const Arguments& arguments, CommandContext& context) {
  const auto report = LocalClient(context.data_folder)
                          .Post("/deliveries/" + Segment(arguments.delivery) + "/replay", {});
  if (!report.ok()) return Fail(context, report.error());
  fmt::print("{}\n", report->dump(2));
}

/// Leaves status 1 when it failed.
void Describe(const nlohmann::json& progress, CommandContext& context) {
  if (context.json) {
    fmt::print("{}\n", progress.dump(2));
  } else {
    fmt::print("{}: {} of {} deliveries read again, {} rows came to be otherwise, {} set aside\n",
               Show(progress, "state"), Show(progress, "read_again"), Show(progress, "deliveries"),
               Show(progress, "accepted"), Show(progress, "quarantined"));
    if (!progress.at("message").is_null()) fmt::print("{}\n", Show(progress, "message"));
  }
  if (progress.at("state") == "failed") context.exit_status = 1;
}

/// Until it has ended; what is shown on the way goes to the error output.
void Follow(const LocalClient& client, nlohmann::json progress, CommandContext& context) {
  while (progress.at("state") == "running") {
    fmt::print(stderr, "\r{} of {} deliveries", Show(progress, "read_again"),
               Show(progress, "deliveries"));
    std::this_thread::sleep_for(kLookAgain);
    auto next = client.Get("/replays", {});
    if (!next.ok()) return Fail(context, next.error());
    if (!next->is_object()) {
      return Fail(context, base::Error{base::ErrorCode::kUnavailable, "replay_lost",
                                       "the center was started again meanwhile; what was read "
                                       "again stays, start the replay anew for the rest"});
    }
    progress = *std::move(next);
  }
  fmt::print(stderr, "\n");
  Describe(progress, context);
}

void ReplayRange(const Arguments& arguments, CommandContext& context) {
  const LocalClient client(context.data_folder);
  const auto started = client.Post(WithQuery("/replays", arguments.range), {});
  if (!started.ok()) return Fail(context, started.error());
  if (arguments.no_wait) return Describe(*started, context);
  Follow(client, *started, context);
}

bool HasRange(const Arguments& arguments) {
  for (const auto& [name, value] : arguments.range) {
    if (!value.empty()) return true;
  }
  return arguments.all;
}

void Replay(const Arguments& arguments, CommandContext& context) {
  const LocalClient client(context.data_folder);
  if (arguments.status || arguments.stop) {
    const auto progress = arguments.stop ? client.Delete("/replays") : client.Get("/replays", {});
    if (!progress.ok()) return Fail(context, progress.error());
    return Describe(*progress, context);
  }
  if (HasRange(arguments) == arguments.delivery.empty()) {
    return arguments.delivery.empty() ? ReplayRange(arguments, context)
                                      : ReplayOne(arguments, context);
  }
  if (!arguments.delivery.empty()) {
    throw CLI::ValidationError("replay", "takes a delivery or a range of them, not both");
  }
  throw CLI::RequiredError("a range (--source, --from, --to, --all) or a delivery");
}

}  // namespace

void AddReplayCommand(CLI::App& app, CommandContext& context) {
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand(
      "replay", "Reads archived deliveries again with the mappings of today, in their order");
  command->add_option("delivery", arguments->delivery, "Sequence of one delivery");
  command->add_option("--source", arguments->range["source"], "All of this source");
  command->add_option("--from", arguments->range["from"],
                      "Received from this moment on, such as 2026-11-01T00:00:00Z");
  command->add_option("--to", arguments->range["to"], "Received before this moment");
  command->add_flag("--all", arguments->all, "All deliveries of all sources");
  command->add_flag("--no-wait", arguments->no_wait, "Do not wait until it has ended");
  command->add_flag("--status", arguments->status, "How the last run stands");
  command->add_flag("--stop", arguments->stop, "Stops it behind the delivery under way");
  command->callback([arguments, &context] { Replay(*arguments, context); });
}

}  // namespace fansipan::cli
