#include "sources/quarantine/replay_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "base/thread_priority.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kPage = 1'000;
// While intake has no room for it; deliveries that come now go first.
constexpr std::chrono::milliseconds kBusyPause{200};
constexpr int kBusyTries = 300;

/// Until the pause is over or a stop is asked for.
void Pause(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any asked;
  std::unique_lock lock(mutex);
  asked.wait_for(lock, stop, kBusyPause, [] { return false; });
}

/// What the next delivery would meet, too.
bool EndsTheRun(const base::Error& error) {
  return error.reason == "intake_busy" || error.code == base::ErrorCode::kStorageFull ||
         error.code == base::ErrorCode::kUnavailable;
}

base::Error InDelivery(model::Sequence delivery, base::Error error) {
  error.message =
      fmt::format("delivery {} cannot be read again: {}", delivery.value, error.message);
  return error;
}

}  // namespace

std::string_view NameOf(ReplayState state) {
  switch (state) {
    case ReplayState::kRunning:
      return "running";
    case ReplayState::kDone:
      return "done";
    case ReplayState::kStopped:
      return "stopped";
    case ReplayState::kFailed:
      break;
  }
  return "failed";
}

/// In the order in which they came.
base::Result<std::vector<model::Sequence>> ReplayRuns::FindDeliveries(
    const ReplayRequest& request) const {
  std::vector<model::Sequence> found;
  store::DeliveryQuery query{.source = request.range.source,
                             .before = {},
                             .limit = kPage,
                             .received_from = request.range.from,
                             .received_before = request.range.until,
                             .originals_only = true};
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto page,
                              parts_.facts->ListDeliveries(query, request.patience));
    for (const model::Delivery& delivery : page) found.push_back(delivery.sequence);
    if (found.size() > kMaxReplayed) {
      return base::Error{base::ErrorCode::kTooLarge, "too_many_deliveries",
                         fmt::format("there are more than {} deliveries in it; name a shorter span "
                                     "of time",
                                     kMaxReplayed)};
    }
    if (page.size() < kPage) break;
    query.before = page.back().sequence;
  }
  if (found.empty()) {
    return base::Error{base::ErrorCode::kNotFound, "no_such_deliveries",
                       "no delivery was received from the source in this time"};
  }
  std::ranges::reverse(found);
  return found;
}

base::Status ReplayRuns::CheckNoneRuns() const {
  const auto now = progress();
  if (!ended_ && (!now || now->state != ReplayState::kRunning)) return {};
  return base::Error{base::ErrorCode::kConflict, "replay_running",
                     "deliveries are being read again already; wait for it, or stop it"};
}

base::Result<ReplayProgress> ReplayRuns::Start(const ReplayRequest& request) {
  {
    const std::lock_guard starting(starting_);
    FANSIPAN_RETURN_IF_ERROR(CheckNoneRuns());
  }
  FANSIPAN_ASSIGN_OR_RETURN(std::vector<model::Sequence> deliveries, FindDeliveries(request));
  const std::lock_guard starting(starting_);
  // Another run may have begun, or the program begun to end, while the deliveries were looked for.
  FANSIPAN_RETURN_IF_ERROR(CheckNoneRuns());
  if (request.before_start) FANSIPAN_RETURN_IF_ERROR(request.before_start(deliveries.size()));
  const auto before = progress();
  ReplayProgress started;
  started.number = before ? before->number + 1 : 1;
  started.range = request.range;
  started.started_by = request.started_by;
  started.started_at = parts_.clock->Now();
  started.deliveries = deliveries.size();
  {
    const std::lock_guard lock(mutex_);
    progress_ = started;
  }
  thread_ = std::jthread([this, deliveries = std::move(deliveries)](const std::stop_token& stop) {
    Run(stop, deliveries);
  });
  return started;
}

base::Result<ReplayProgress> ReplayRuns::Stop() {
  const std::lock_guard starting(starting_);
  const auto now = progress();
  if (!now || now->state != ReplayState::kRunning) {
    return base::Error{base::ErrorCode::kNotFound, "no_replay", "nothing is being read again"};
  }
  thread_.request_stop();
  return *now;
}

std::optional<ReplayProgress> ReplayRuns::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

void ReplayRuns::End() {
  const std::lock_guard starting(starting_);
  ended_ = true;
  thread_ = std::jthread();
}

void ReplayRuns::Run(const std::stop_token& stop, const std::vector<model::Sequence>& deliveries) {
  base::NameThread("replays");
  base::LowerThread(base::Priority::kBackground);
  std::optional<base::Error> first;
  std::size_t failed = 0;
  for (const model::Sequence delivery : deliveries) {
    if (stop.stop_requested()) return Finish(ReplayState::kStopped, nullptr);
    const auto report = ReadAgain(stop, delivery);
    if (!report.ok() && EndsTheRun(report.error())) {
      const bool stopped = stop.stop_requested() && report.error().reason == "intake_busy";
      return Finish(stopped ? ReplayState::kStopped : ReplayState::kFailed,
                    stopped ? nullptr : &report.error());
    }
    if (!report.ok()) {
      // One that cannot be read holds up no other.
      if (!first) first = InDelivery(delivery, report.error());
      ++failed;
      continue;
    }
    const std::lock_guard lock(mutex_);
    ++progress_->read_again;
    progress_->accepted += report->delivery.counts.accepted;
    progress_->quarantined +=
        report->delivery.counts.quarantined + report->delivery.counts.in_conflict;
    progress_->last = delivery;
  }
  if (failed > 1) first->message += fmt::format("; {} further deliveries as well", failed - 1);
  Finish(first ? ReplayState::kFailed : ReplayState::kDone, first ? &*first : nullptr);
}

/// Waits while intake has no room.
base::Result<DeliveryReport> ReplayRuns::ReadAgain(const std::stop_token& stop,
                                                   model::Sequence delivery) {
  for (int attempt = 1;; ++attempt) {
    auto report = parts_.intake->Replay(delivery);
    const bool is_busy = !report.ok() && report.error().reason == "intake_busy";
    if (!is_busy || attempt == kBusyTries || stop.stop_requested()) return report;
    Pause(stop);
  }
}

void ReplayRuns::Finish(ReplayState state, const base::Error* error) {
  const std::lock_guard lock(mutex_);
  progress_->state = state;
  progress_->ended_at = parts_.clock->Now();
  if (error == nullptr) return;
  progress_->reason = error->reason;
  progress_->message = error->message;
  base::LogWarning("reading deliveries again ended: {}", error->message);
}

}  // namespace fansipan::sources
