#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>

#include "base/patience.h"
#include "base/result.h"
#include "center/center.h"
#include "http/figure_trial.h"
#include "indicators/engine.h"
#include "model/expression.h"
#include "server/center_runtime.h"

namespace fansipan::server {

/// Finds out what figures a center that is planned would tell, before it runs: its engine is filled
/// from the journal, and where its mappings or datasets differ the deliveries of the last days are
/// read again, as applying it and replaying them would; all of it in memory. One trial at a time,
/// on a thread of its own at background priority; whoever asks waits with patience, and when they
/// give up it ends. Safe from any thread.
class CenterTrials {
 public:
  explicit CenterTrials(CenterRuntime& runtime) : runtime_(runtime) {}

  /// kConflict trial_running, center_changed (another center came to run meanwhile); kTooLarge
  /// center_too_large, trial_too_large, too_many_figures, too_many_deliveries; errors of the
  /// patience and of reading what is recorded. A mapping that fails is no error but a failure that
  /// the trial tells.
  base::Result<http::FigureTrial> Try(std::shared_ptr<const center::Center> next, std::size_t limit,
                                      const base::Patience& patience);
  /// Ends a trial, which then answers given_up; none gets anywhere any more.
  void End() { ended_.request_stop(); }

 private:
  CenterRuntime& runtime_;
  std::mutex one_;
  std::stop_source ended_;
};

}  // namespace fansipan::server
