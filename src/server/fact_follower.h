#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/metrics.h"
#include "base/patience.h"
#include "base/result.h"
#include "model/record.h"
#include "store/fact_store.h"
#include "store/journal.h"

namespace fansipan::server {

/// Brings the fact store up to the journal, in batches, on a thread of its own. It reads the
/// journal itself, so nothing is queued and a slow store delays nobody but those who wait for it:
/// until somebody does, it gathers for half a second and leaves the processors to intake and the
/// wall. A failure (a full disk, say) is logged and tried again.
class FactFollower {
 public:
  FactFollower(store::Journal& journal, store::FactStore& facts, base::MetricsRegistry& metrics);
  ~FactFollower();
  FactFollower(const FactFollower&) = delete;
  FactFollower& operator=(const FactFollower&) = delete;

  base::Status Start();
  void Stop();
  /// There is more in the journal. Any thread.
  void Wake();
  /// Returns once the store holds everything up to `sequence`; kUnavailable with reason
  /// facts_behind when that takes more than 10 s, or the patience's error. Any thread.
  base::Status WaitFor(model::Sequence sequence, const base::Patience& patience = {});

 private:
  void Run();
  base::Status CatchUp();
  base::Status AppendBatch(std::uint64_t first);

  static constexpr std::chrono::seconds kLongestWait{10};
  static constexpr std::chrono::milliseconds kGather{500};

  store::Journal& journal_;
  store::FactStore& facts_;
  base::Gauge& behind_;
  base::Histogram& append_seconds_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::condition_variable_any advanced_;
  std::uint64_t applied_number_ = 0;
  model::Sequence applied_sequence_{};
  bool wake_ = true;
  bool asked_ = true;  ///< somebody waits; nothing is left to gather
  bool stop_ = false;
  std::string last_failure_;
  std::thread thread_;
};

}  // namespace fansipan::server
