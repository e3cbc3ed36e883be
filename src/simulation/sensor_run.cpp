#include "simulation/sensor_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/log.h"
#include "simulation/internal/csv_rows.h"
#include "simulation/options.h"

namespace fansipan::simulation {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kLargestTable = 16U << 20U;
constexpr std::size_t kMostStations = 10'000;
constexpr seconds kCountsEvery{10};
constexpr seconds kLongestHistory = std::chrono::days(366);
constexpr seconds kLongestPause{30};

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_option", std::move(message)};
}

/// One run. Used by one thread.
class SensorRun {
 public:
  SensorRun(const SensorRunOptions& options, const SensorWorld& world, const std::stop_token& stop,
            std::vector<std::string> communes)
      : options_(options),
        world_(world),
        stop_(stop),
        network_(std::move(communes), options.network),
        began_(world.clock.Now()),
        counted_(began_) {}

  base::Status Run() {
    FANSIPAN_ASSIGN_OR_RETURN(publisher_, world_.open(options_.broker));
    base::Status ended;
    std::int64_t round = network_.RoundAt(began_ - options_.history);
    while (ended.ok() && !IsOver()) {
      const base::Duration left = network_.MomentOf(round) - world_.clock.Now();
      if (left > base::Duration()) {
        world_.waiter.Wait(std::min<base::Duration>(left, kCountsEvery), stop_);
        ShowCounts();
        continue;
      }
      ended = SendRound(round++);
    }
    if (options_.on_counts) options_.on_counts(counts_);
    return ended;
  }

 private:
  bool IsOver() const {
    const bool passed = options_.duration.count() > 0 &&
                        world_.clock.Now() - began_ >= base::Duration(options_.duration);
    return stop_.stop_requested() || passed;
  }

  base::Status SendRound(std::int64_t round) {
    for (const SensorMessage& message : network_.Messages(round)) {
      if (IsOver()) return {};
      FANSIPAN_RETURN_IF_ERROR(SendPatiently(message));
      ShowCounts();
    }
    ++counts_.rounds;
    return {};
  }

  /// Again and again while the broker is away, at growing distances.
  base::Status SendPatiently(const SensorMessage& message) {
    for (seconds pause{1}; !IsOver(); pause = std::min(pause * 2, kLongestPause)) {
      base::Status status = publisher_->Publish(message);
      if (status.ok()) {
        ++counts_.messages;
        return status;
      }
      if (status.error().code != base::ErrorCode::kUnavailable) return status;
      ++counts_.retries;
      base::LogWarning("{}; tried again", status.error().message);
      world_.waiter.Wait(pause, stop_);
    }
    return {};
  }

  void ShowCounts() {
    const base::Timestamp now = world_.clock.Now();
    if (!options_.on_counts || now - counted_ < base::Duration(kCountsEvery)) return;
    counted_ = now;
    options_.on_counts(counts_);
  }

  const SensorRunOptions& options_;
  const SensorWorld& world_;
  const std::stop_token& stop_;
  const SensorNetwork network_;
  const base::Timestamp began_;
  base::Timestamp counted_;
  std::unique_ptr<MessagePublisher> publisher_;
  SensorCounts counts_;
};

base::Status CheckBroker(const SensorRunOptions& options) {
  constexpr std::string_view kScheme = "mqtt://";
  const std::string& url = options.broker.url;
  const std::string as_http =
      url.starts_with(kScheme) ? "http://" + url.substr(kScheme.size()) : std::string();
  if (!IsPlainUrl(as_http)) {
    return Wrong(
        fmt::format("--url {}: give the broker's address, such as mqtt://127.0.0.1:1883", url));
  }
  if (!options.allow_remote && !IsLoopbackUrl(as_http)) {
    return Wrong(fmt::format(
        "--url {} is not this machine; simulated readings go elsewhere only with --allow-remote",
        url));
  }
  if (options.broker.client_id.empty()) return Wrong("--client-id: must not be empty");
  return {};
}

}  // namespace

base::Status CheckSensorOptions(const SensorRunOptions& options) {
  FANSIPAN_RETURN_IF_ERROR(CheckBroker(options));
  const SensorNetworkOptions& network = options.network;
  const SensorFaults& faults = network.faults;
  if (network.stations < 1 || network.stations > kMostStations) {
    return Wrong(
        fmt::format("--stations {}: allowed are 1 to {}", network.stations, kMostStations));
  }
  if (network.interval < base::Duration(seconds(1)) ||
      network.interval > base::Duration(std::chrono::hours(24))) {
    return Wrong("--interval: allowed are 1s to 1d");
  }
  if (options.history > kLongestHistory) return Wrong("--history: allowed are 0 to 366d");
  const std::pair<const char*, double> shares[] = {{"--late", faults.late},
                                                   {"--duplicated", faults.duplicated},
                                                   {"--reordered", faults.reordered},
                                                   {"--truncated", faults.truncated}};
  for (const auto& [name, share] : shares) {
    if (std::isfinite(share) && share >= 0 && share <= 1) continue;
    return Wrong(fmt::format("{} {}: allowed is a share from 0 to 1", name, share));
  }
  if (faults.silent > network.stations || faults.drifted > network.stations) {
    return Wrong(fmt::format("--silent, --drifted: there are only {} stations", network.stations));
  }
  return {};
}

base::Result<std::vector<std::string>> LoadCommunes(base::FileSystem& files,
                                                    const std::string& center_folder) {
  const std::string path = center_folder + "/territory/units.csv";
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, files.ReadWhole(path, kLargestTable));
  auto table = internal::ParseCsvRows(text);
  if (!table.ok()) return base::Annotate(std::move(table).error(), path);
  const auto code = table->FindColumn("code");
  const auto level = table->FindColumn("level");
  const auto valid_to = table->FindColumn("valid_to");
  std::vector<std::string> communes;
  for (const auto& row : table->rows) {
    const bool in_force = !valid_to || row[*valid_to].empty();
    if (code && level && in_force && row[*level] == "commune") communes.push_back(row[*code]);
  }
  if (!communes.empty()) return communes;
  return base::Error{base::ErrorCode::kInvalidArgument, "no_places",
                     path + ": a sensor network needs a unit of the level 'commune' in force"};
}

base::Status RunSensorNetwork(const SensorRunOptions& options, const std::stop_token& stop) {
  base::PosixFileSystem files;
  const base::SystemClock clock;
  RealWaiter waiter;
  return RunSensorNetwork(options, {files, clock, waiter, OpenMessagePublisher}, stop);
}

base::Status RunSensorNetwork(const SensorRunOptions& options, const SensorWorld& world,
                              const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(CheckSensorOptions(options));
  FANSIPAN_ASSIGN_OR_RETURN(auto communes, LoadCommunes(world.files, options.center_folder));
  return SensorRun(options, world, stop, std::move(communes)).Run();
}

}  // namespace fansipan::simulation
