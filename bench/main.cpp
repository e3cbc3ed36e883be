#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <map>
#include <string>

#include "bench/benches.h"

namespace {

using fansipan::bench::Settings;

const std::map<std::string, fansipan::base::Status (*)(const Settings&)> kBenches = {
    {"intake", fansipan::bench::RunIntake},       {"freshness", fansipan::bench::RunFreshness},
    {"panel", fansipan::bench::RunPanel},         {"as-of", fansipan::bench::RunAsOf},
    {"explain", fansipan::bench::RunExplain},     {"viewers", fansipan::bench::RunViewers},
    {"restart", fansipan::bench::RunRestart},     {"memory", fansipan::bench::RunMemory},
    {"soak", fansipan::bench::RunSoak},           {"clocks", fansipan::bench::RunClocks},
    {"territory", fansipan::bench::RunTerritory}, {"decode", fansipan::bench::RunDecode},
};

void AddOptions(CLI::App& app, Settings& settings) {
  app.add_option("--scale", settings.scale, "1: 50 million versions of 10 million keys")
      ->check(CLI::Range(0.0001, 10.0))
      ->capture_default_str();
  app.add_option("--program", settings.program, "The fansipan binary")->required();
  app.add_option("--data", settings.data_root, "Folder of prepared data")->required();
  app.add_option("--results", settings.results_folder, "Folder of the reports")->required();
  app.add_option("--batches", settings.batches, "intake: deliveries")->capture_default_str();
  app.add_option("--batch-rows", settings.batch_rows, "intake: rows of each")
      ->capture_default_str();
  app.add_option("--connections", settings.connections, "intake: deliveries under way at once")
      ->capture_default_str();
  app.add_flag("!--no-peer", settings.peer, "intake: without PostgreSQL");
  app.add_option("--minutes", settings.minutes, "freshness: length")->capture_default_str();
  app.add_flag("!--one-scale", settings.two_scales,
               "freshness: not with a tenth of the data first");
  app.add_option("--hours", settings.hours, "soak: length")->capture_default_str();
  app.add_option("--rate", settings.rows_per_second, "freshness, soak: rows a second")
      ->capture_default_str();
  app.add_option("--rows", settings.rows_per_delivery, "freshness, soak: rows of a delivery")
      ->capture_default_str();
  app.add_option("--viewers", settings.viewers, "viewers: how many")->capture_default_str();
  app.add_option("--pairs", settings.pairs, "viewers: panel and rights pairs, at most 100")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--changes", settings.changes_per_second, "viewers: changes a second")
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "viewers: length")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Measures Fansipan against its budgets");
  Settings settings;
  std::string name;
  app.add_option("bench", name, "Which")->required();
  AddOptions(app, settings);
  CLI11_PARSE(app, argc, argv);
  const auto bench = kBenches.find(name);
  if (bench == kBenches.end()) {
    fmt::print(stderr, "there is no bench '{}'; there are:", name);
    for (const auto& [known, run] : kBenches) fmt::print(stderr, " {}", known);
    fmt::print(stderr, "\n");
    return 2;
  }
  const auto ran = bench->second(settings);
  if (ran.ok()) return 0;
  fmt::print(stderr, "bench {} could not measure: {}\n", name, ran.error().message);
  return 1;
}
