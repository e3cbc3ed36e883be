#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "sources/intake.h"
#include "store/fact_store.h"

namespace fansipan::sources {

/// Which deliveries are to be read again: original ones of a source, received in a span of time.
struct ReplayRange {
  std::string source;                    ///< empty: of all sources
  std::optional<base::Timestamp> from;   ///< not before
  std::optional<base::Timestamp> until;  ///< before
};

enum class ReplayState { kRunning, kDone, kStopped, kFailed };
std::string_view NameOf(ReplayState state);

/// How the last run stands, or stood.
struct ReplayProgress {
  std::uint64_t number = 0;  ///< counts runs since the program started
  ReplayRange range;
  std::string started_by;
  ReplayState state = ReplayState::kRunning;
  base::Timestamp started_at;
  std::optional<base::Timestamp> ended_at;
  std::uint64_t deliveries = 0;   ///< to be read again
  std::uint64_t read_again = 0;   ///< of them already
  std::uint64_t accepted = 0;     ///< rows that came to be otherwise, in all of them
  std::uint64_t quarantined = 0;  ///< rows that are set aside now
  model::Sequence last;           ///< the original delivery read last
  std::string reason;             ///< why it failed, a word for machines
  std::string message;            ///< the same for who must act
};

/// A run that is asked for.
struct ReplayRequest {
  ReplayRange range;
  std::string started_by;     ///< as in the audit
  base::Patience patience{};  ///< of finding the deliveries; the run itself has none
  /// Called once it is certain that the run can start, with how many deliveries it will read. Its
  /// error is handed back, and nothing is read.
  std::function<base::Status(std::size_t deliveries)> before_start{};
};

inline constexpr std::size_t kMaxReplayed = 10'000;

/// Reads the deliveries of a range again, one after another in the order in which they came, on a
/// thread of its own; at most one run at a time. What a run has done is done: replays are recorded
/// one by one, so that a run that was stopped, or whose program ended, can be started anew. Safe
/// from any thread; destroying it stops the run.
class ReplayRuns {
 public:
  /// All of it outlives this.
  struct Parts {
    Intake* intake = nullptr;
    store::FactStore* facts = nullptr;
    const base::Clock* clock = nullptr;
  };
  explicit ReplayRuns(const Parts& parts) : parts_(parts) {}
  ~ReplayRuns() { End(); }
  ReplayRuns(const ReplayRuns&) = delete;
  ReplayRuns& operator=(const ReplayRuns&) = delete;

  /// kConflict replay_running. kNotFound no_such_deliveries. kTooLarge too_many_deliveries: name a
  /// shorter span. Otherwise errors of the patience, the store and `before_start`.
  base::Result<ReplayProgress> Start(const ReplayRequest& request);
  /// Asks the run to end behind the delivery under way. kNotFound no_replay.
  base::Result<ReplayProgress> Stop();
  /// Nothing when there was no run since the program started.
  std::optional<ReplayProgress> progress() const;
  /// Stops a run and waits for it; none is started any more.
  void End();

 private:
  /// Under `starting_`.
  base::Status CheckNoneRuns() const;
  /// Without any lock: it may take as long as the store has.
  base::Result<std::vector<model::Sequence>> FindDeliveries(const ReplayRequest& request) const;
  void Run(const std::stop_token& stop, const std::vector<model::Sequence>& deliveries);
  base::Result<DeliveryReport> ReadAgain(const std::stop_token& stop, model::Sequence delivery);
  void Finish(ReplayState state, const base::Error* error);

  const Parts parts_;
  std::mutex starting_;
  mutable std::mutex mutex_;
  std::optional<ReplayProgress> progress_;  ///< guarded by mutex_
  bool ended_ = false;                      ///< guarded by starting_
  std::jthread thread_;                     ///< guarded by starting_
};

}  // namespace fansipan::sources
