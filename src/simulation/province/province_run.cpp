#include "simulation/province/province_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "simulation/http_transport.h"
#include "simulation/options.h"
#include "simulation/province/internal/delivery_feed.h"
#include "simulation/province/internal/delivery_plan.h"
#include "simulation/province/internal/folder_drop.h"
#include "simulation/province/internal/source_line.h"

namespace fansipan::simulation {
namespace {

using internal::PlannedDelivery;
using internal::SourceLine;

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::seconds kCountsEvery{10};
constexpr base::Duration kHistoryPiece = std::chrono::days(7);
constexpr base::Duration kAskedAhead = std::chrono::hours(1);
constexpr std::size_t kMostConnections = 16;
constexpr double kFastestSpeed = 100'000;

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_option", std::move(message)};
}

base::Status CheckAddress(const ProvinceOptions& options) {
  if (!IsPlainUrl(options.url)) {
    return Wrong(
        fmt::format("--url {}: give the center's address without a path, such as "
                    "http://127.0.0.1:8080",
                    options.url));
  }
  if (options.allow_remote || IsLoopbackUrl(options.url)) return {};
  return Wrong(
      fmt::format("--url {} is not this machine; simulated records go elsewhere only with "
                  "--allow-remote",
                  options.url));
}

base::Status CheckProvinceOptions(const ProvinceOptions& options,
                                  const std::vector<std::string>& sources) {
  FANSIPAN_RETURN_IF_ERROR(CheckAddress(options));
  if (!std::isfinite(options.speed) || options.speed < 0.001 || options.speed > kFastestSpeed) {
    return Wrong(fmt::format("--speed {}: allowed are 0.001 to {}", options.speed, kFastestSpeed));
  }
  if (options.connections < 1 || options.connections > kMostConnections) {
    return Wrong(fmt::format("--connections {}: allowed are 1 to {}", options.connections,
                             kMostConnections));
  }
  if (options.heartbeat_every.count() < 1) return Wrong("--heartbeat: at least 1s");
  for (const auto& [source, rates] : options.faults) {
    if (source.empty() || std::binary_search(sources.begin(), sources.end(), source)) continue;
    return Wrong(fmt::format("--fault {}: no simulated system feeds this source; there are: {}",
                             source, fmt::join(sources, ", ")));
  }
  return {};
}

/// One run from the history to its end. Used by one thread, but for the connections of the history.
class ProvinceRun {
 public:
  ProvinceRun(const ProvinceOptions& options, const ProvinceWorld& world,
              const ProvinceModels& models, std::stop_token stop)
      : options_(options),
        world_(world),
        stop_(std::move(stop)),
        began_(world.clock.Now()),
        counted_(began_),
        feed_(models, began_,
              options.history ? std::optional<base::Duration>(*options.history) : std::nullopt),
        plan_({.faults = options.faults, .late_for = options.late_for, .seed = options.seed}),
        drop_(world.files, options.drop_folder) {}

  base::Status Run(const std::vector<std::string>& sources) {
    FANSIPAN_RETURN_IF_ERROR(OpenLines(sources));
    auto ended = RunToEnd();
    if (options_.on_counts) options_.on_counts(Counts());
    return stop_.stop_requested() ? base::Status() : std::move(ended);
  }

 private:
  base::Status OpenLines(const std::vector<std::string>& sources) {
    for (const std::string& source : sources) {
      std::unique_ptr<DeliveryTransport> transport;
      const auto token = options_.tokens.find(source);
      if (token != options_.tokens.end()) {
        FANSIPAN_ASSIGN_OR_RETURN(transport, world_.open_transport(token->second, stop_));
      }
      const bool is_closed = transport == nullptr && options_.drop_folder.empty();
      auto line = std::make_unique<SourceLine>(source, std::move(transport), began_);
      line->Open(world_.waiter, tally_, options_.gzip);
      if (is_closed) line->LeaveOut("there is no push token for it");
      lines_.emplace(source, std::move(line));
    }
    return CheckLines();
  }

  base::Status CheckLines() const {
    const auto is_open = [](const auto& entry) { return !entry.second->is_left_out(); };
    if (std::any_of(lines_.begin(), lines_.end(), is_open)) return {};
    return base::Error{base::ErrorCode::kNotFound, "no_source_left",
                       "no source is left to send for; the log says why each is left out"};
  }

  base::Status RunToEnd() {
    FANSIPAN_RETURN_IF_ERROR(SendHistory());
    live_since_ = world_.clock.Now();
    while (!IsOver()) {
      const base::Timestamp now = ModelNow();
      FANSIPAN_ASSIGN_OR_RETURN(const auto due, Due(now, kAskedAhead));
      FANSIPAN_RETURN_IF_ERROR(SendInOrder(due));
      FANSIPAN_RETURN_IF_ERROR(CheckLines());
      KeepAlive();
      ShowCounts();
      world_.waiter.Wait(kTick, stop_);
    }
    return {};
  }

  base::Status SendHistory() {
    for (base::Timestamp until = feed_.begin(); until < began_ && !IsOver();) {
      until = std::min(until + kHistoryPiece, began_);
      FANSIPAN_ASSIGN_OR_RETURN(const auto due, Due(until, base::Duration(0)));
      FANSIPAN_RETURN_IF_ERROR(options_.connections > 1 ? SendSideBySide(due) : SendInOrder(due));
      FANSIPAN_RETURN_IF_ERROR(CheckLines());
      KeepAlive();
      ShowCounts();
    }
    return {};
  }

  base::Result<std::vector<PlannedDelivery>> Due(base::Timestamp until, base::Duration ahead) {
    for (SystemDelivery& delivery : feed_.Take(until, ahead)) {
      if (lines_.contains(delivery.source)) {
        FANSIPAN_RETURN_IF_ERROR(plan_.Add(std::move(delivery)));
      }
    }
    return plan_.Take(until);
  }

  base::Status SendInOrder(const std::vector<PlannedDelivery>& due) {
    for (const PlannedDelivery& planned : due) {
      if (IsOver()) return {};
      FANSIPAN_RETURN_IF_ERROR(Send(planned));
      KeepAlive();
      ShowCounts();
    }
    return {};
  }

  /// Each source on one connection, so that its own deliveries stay in order.
  base::Status SendSideBySide(const std::vector<PlannedDelivery>& due) {
    std::vector<std::vector<const PlannedDelivery*>> lanes(options_.connections);
    for (const PlannedDelivery& planned : due) {
      const auto line = lines_.find(planned.delivery.source);
      const auto place = static_cast<std::size_t>(std::distance(lines_.begin(), line));
      lanes[place % lanes.size()].push_back(&planned);
    }
    std::mutex mutex;
    base::Status first_error;
    {
      std::vector<std::jthread> threads;
      for (const auto& lane : lanes) {
        if (lane.empty()) continue;
        threads.emplace_back([this, &lane, &mutex, &first_error] {
          base::Status sent = SendLane(lane);
          const std::lock_guard lock(mutex);
          if (first_error.ok()) first_error = std::move(sent);
        });
      }
    }
    return first_error;
  }

  base::Status SendLane(const std::vector<const PlannedDelivery*>& lane) {
    for (const PlannedDelivery* planned : lane) {
      if (IsOver()) return {};
      FANSIPAN_RETURN_IF_ERROR(Send(*planned));
    }
    return {};
  }

  base::Status Send(const PlannedDelivery& planned) {
    const SystemDelivery& delivery = planned.delivery;
    SourceLine& line = *lines_.at(delivery.source);
    if (line.is_left_out()) return {};
    if (options_.drop_folder.empty() || delivery.file_name.empty()) {
      return line.Push(planned, world_.clock.Now(), stop_);
    }
    FANSIPAN_ASSIGN_OR_RETURN(const bool is_new,
                              drop_.Put(delivery.source, delivery.file_name, delivery.body));
    if (is_new) ++files_;
    return {};
  }

  bool IsOver() const {
    if (stop_.stop_requested()) return true;
    return options_.duration.count() > 0 && world_.clock.Now() - began_ >= options_.duration;
  }

  /// The models' time: `speed` times as fast as the machine's once the history is sent.
  base::Timestamp ModelNow() const {
    const base::Timestamp now = world_.clock.Now();
    if (options_.speed == 1) return now;
    const std::chrono::duration<double, base::Duration::period> live = now - live_since_;
    return live_since_ + std::chrono::duration_cast<base::Duration>(live * options_.speed);
  }

  void KeepAlive() {
    const base::Timestamp now = world_.clock.Now();
    for (const auto& [source, line] : lines_) {
      if (!plan_.IsSilent(source)) line->KeepAlive(now, options_.heartbeat_every);
    }
  }

  ProvinceCounts Counts() const { return {.pushed = tally_.Read(), .files = files_}; }

  void ShowCounts() {
    const base::Timestamp now = world_.clock.Now();
    if (!options_.on_counts || now - counted_ < kCountsEvery) return;
    counted_ = now;
    options_.on_counts(Counts());
  }

  const ProvinceOptions& options_;
  const ProvinceWorld& world_;
  const std::stop_token stop_;
  const base::Timestamp began_;
  base::Timestamp counted_;
  base::Timestamp live_since_;
  internal::DeliveryFeed feed_;
  internal::DeliveryPlan plan_;
  const internal::FolderDrop drop_;
  std::atomic<std::uint64_t> files_ = 0;
  PushTally tally_;
  std::map<std::string, std::unique_ptr<SourceLine>> lines_;
};

}  // namespace

base::Status SetSourceFault(const std::string& text, std::map<std::string, FaultRates>& faults) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return SetFault(text, faults[""]);
  if (colon == 0) return Wrong(fmt::format("--fault {}: name the source before the colon", text));
  return SetFault(std::string_view(text).substr(colon + 1), faults[text.substr(0, colon)]);
}

base::Status RunProvince(const ProvinceOptions& options, const ProvinceWorld& world,
                         const ProvinceModels& models, std::stop_token stop) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto sources, SourcesOf(models));
  FANSIPAN_RETURN_IF_ERROR(CheckProvinceOptions(options, sources));
  base::LogInfo("simulated province: {} systems with {} sources, to {}", models.size(),
                sources.size(), options.drop_folder.empty() ? options.url : options.drop_folder);
  return ProvinceRun(options, world, models, std::move(stop)).Run(sources);
}

base::Status RunProvince(const ProvinceOptions& options, const ProvinceModels& models,
                         std::stop_token stop) {
  base::PosixFileSystem files;
  const base::SystemClock clock;
  RealWaiter waiter;
  const ProvinceWorld world{files, clock, waiter,
                            [&options](const std::string& token, std::stop_token ends) {
                              return OpenHttpTransport(options.url, token, std::move(ends));
                            }};
  return RunProvince(options, world, models, std::move(stop));
}

}  // namespace fansipan::simulation
