#include "simulation/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/time_zone.h"
#include "simulation/case_system.h"
#include "simulation/http_transport.h"
#include "simulation/internal/delivery_lanes.h"
#include "simulation/places.h"
#include "simulation/pusher.h"

namespace fansipan::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{250};
constexpr seconds kCountsEvery{10};

double SecondsOf(base::Duration span) { return std::chrono::duration<double>(span).count(); }

base::Duration SpanOf(double seconds_count) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds_count));
}

/// One run from the history to its end. Used by one thread.
class CaseSystemRun {
 public:
  CaseSystemRun(const SimulationOptions& options, const SimulationWorld& world,
                std::stop_token stop, Places places, base::TimeZone zone)
      : options_(options),
        world_(world),
        stop_(std::move(stop)),
        zone_(std::move(zone)),
        cases_(std::move(places),
               {.seed = options.seed,
                .cases_per_day = options.cases_per_day,
                .bad_rate = options.bad_rate},
               zone_),
        began_(world.clock.Now()),
        counted_(began_) {}

  base::Status Run() {
    FANSIPAN_RETURN_IF_ERROR(OpenLanes());
    auto ended = RunToEnd();
    auto finished = lanes_->Finish();
    if (options_.on_counts) options_.on_counts(tally_.Read());
    if (stop_.stop_requested()) return {};
    return ended.ok() ? std::move(finished) : std::move(ended);
  }

 private:
  base::Status OpenLanes() {
    // With several connections the first one is for heartbeats alone.
    const std::size_t count = options_.connections > 1 ? options_.connections + 1 : 1;
    std::vector<std::unique_ptr<DeliveryTransport>> transports;
    std::vector<std::unique_ptr<Pusher>> pushers;
    for (std::size_t i = 0; i < count; ++i) {
      FANSIPAN_ASSIGN_OR_RETURN(auto transport, world_.open_transport(stop_));
      pushers.push_back(std::make_unique<Pusher>(
          *transport, world_.waiter, tally_,
          PusherOptions{.source = options_.source, .gzip = options_.gzip}));
      transports.push_back(std::move(transport));
    }
    lanes_.emplace(std::move(transports), std::move(pushers), stop_);
    return {};
  }

  base::Status RunToEnd() {
    FANSIPAN_RETURN_IF_ERROR(SendHistory());
    live_since_ = even_since_ = last_sign_ = world_.clock.Now();
    while (!IsOver()) {
      if (IsSilent()) {
        even_since_ = world_.clock.Now();  // an even stream does not make up for its silence
        even_sent_ = 0;
      } else {
        FANSIPAN_RETURN_IF_ERROR(options_.rate > 0 ? SendEven() : SendDue());
        FANSIPAN_RETURN_IF_ERROR(KeepAlive());
      }
      ShowCounts();
      world_.waiter.Wait(kTick, stop_);
    }
    return {};
  }

  bool IsOver() const {
    if (stop_.stop_requested()) return true;
    return options_.duration.count() > 0 && world_.clock.Now() - began_ >= options_.duration;
  }

  bool IsSilent() const {
    const base::Duration live = world_.clock.Now() - live_since_;
    return live >= options_.silent_after && live < options_.silent_after + options_.silent_for;
  }

  /// The model's time: `speed` times as fast as the machine's once the history is sent.
  base::Timestamp ModelNow() const {
    const base::Timestamp now = world_.clock.Now();
    if (options_.speed == 1) return now;
    return live_since_ + SpanOf(SecondsOf(now - live_since_) * options_.speed);
  }

  base::Status SendHistory() {
    cases_.Start(began_ - options_.history);
    // Without history, what was sent earlier today is passed over.
    if (options_.history.count() == 0) SkipUntil(began_);
    const double rate = options_.rate > 0 ? options_.rate : kFastestRate;
    std::uint64_t sent = 0;
    while (!IsOver()) {
      const auto rows = cases_.Take(world_.clock.Now(), options_.batch);
      if (rows.empty()) return {};
      FANSIPAN_RETURN_IF_ERROR(SendRows(rows));
      sent += rows.size();
      ShowCounts();
      const base::Duration ahead =
          began_ + SpanOf(static_cast<double>(sent) / rate) - world_.clock.Now();
      if (ahead.count() > 0) world_.waiter.Wait(ahead, stop_);
    }
    return {};
  }

  void SkipUntil(base::Timestamp moment) {
    while (!cases_.Take(moment, options_.batch).empty()) {
    }
  }

  base::Status SendDue() {
    while (!IsOver()) {
      const auto rows = cases_.Take(ModelNow(), options_.batch);
      if (rows.empty()) return {};
      FANSIPAN_RETURN_IF_ERROR(SendRows(rows));
    }
    return {};
  }

  base::Status SendEven() {
    while (!IsOver() && !IsSilent()) {
      const double due = SecondsOf(world_.clock.Now() - even_since_) * options_.rate -
                         static_cast<double>(even_sent_);
      if (due < 1) return {};
      const auto count = std::min(options_.batch, static_cast<std::size_t>(due));
      FANSIPAN_RETURN_IF_ERROR(SendRows(cases_.TakeEven(ModelNow(), count)));
      even_sent_ += count;
    }
    return {};
  }

  base::Status SendRows(const std::vector<CaseRow>& rows) {
    last_sign_ = world_.clock.Now();
    return lanes_->Send(BuildDelivery(rows, zone_));
  }

  base::Status KeepAlive() {
    const base::Timestamp now = world_.clock.Now();
    if (now - last_sign_ < options_.heartbeat_every) return {};
    last_sign_ = now;
    return lanes_->SendHeartbeat();
  }

  void ShowCounts() {
    const base::Timestamp now = world_.clock.Now();
    if (!options_.on_counts || now - counted_ < kCountsEvery) return;
    counted_ = now;
    options_.on_counts(tally_.Read());
  }

  const SimulationOptions& options_;
  const SimulationWorld& world_;
  const std::stop_token stop_;
  const base::TimeZone zone_;
  CaseSystem cases_;
  PushTally tally_;
  std::optional<internal::DeliveryLanes> lanes_;
  const base::Timestamp began_;
  base::Timestamp counted_;
  base::Timestamp live_since_;
  base::Timestamp last_sign_;
  base::Timestamp even_since_;
  std::uint64_t even_sent_ = 0;
};

}  // namespace

base::Status RunCaseSystem(const SimulationOptions& options, const SimulationWorld& world,
                           std::stop_token stop) {
  FANSIPAN_ASSIGN_OR_RETURN(const SimulationOptions checked, CheckOptions(options));
  FANSIPAN_ASSIGN_OR_RETURN(const base::TimeZone zone, base::TimeZone::Find(checked.time_zone));
  FANSIPAN_ASSIGN_OR_RETURN(Places places, LoadPlaces(world.files, checked.center_folder));
  base::LogInfo("simulated case system: {} communes, {} departments, to {} as source '{}'",
                places.communes.size(), places.departments.size(), checked.url, checked.source);
  return CaseSystemRun(checked, world, std::move(stop), std::move(places), zone).Run();
}

base::Status RunCaseSystem(const SimulationOptions& options, std::stop_token stop) {
  base::PosixFileSystem files;
  const base::SystemClock clock;
  RealWaiter waiter;
  const SimulationWorld world{files, clock, waiter, [&options](std::stop_token ends) {
                                return OpenHttpTransport(options.url, options.token,
                                                         std::move(ends));
                              }};
  return RunCaseSystem(options, world, std::move(stop));
}

}  // namespace fansipan::simulation
