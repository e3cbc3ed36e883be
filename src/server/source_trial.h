#pragma once

#include <memory>
#include <mutex>
#include <stop_token>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "center/center.h"
#include "http/source_trial.h"
#include "security/source_secrets.h"
#include "sources/mapping_worker.h"

namespace fansipan::server {

/// Has the connector of a source ask once, with the kept secrets, and shows what came as it would
/// be mapped and judged. Records nothing. One at a time, in the thread of whoever asks; when they
/// give up it ends. Safe from any thread.
class SourceTrials {
 public:
  /// All of it outlives this.
  struct Parts {
    security::SourceSecrets* secrets = nullptr;
    sources::MappingWorker* worker = nullptr;
    const base::Clock* clock = nullptr;
  };
  explicit SourceTrials(const Parts& parts) : parts_(parts) {}

  /// `center` has the source. A payload that cannot be read is no error but a refusal that the
  /// trial tells. kConflict trial_running; errors of sources::FetchOnce.
  base::Result<http::SourceTrial> Try(std::shared_ptr<const center::Center> center,
                                      const http::SourceTrialRequest& asked,
                                      const base::Patience& patience);
  /// Ends a trial, which then answers given_up; none gets anywhere any more.
  void End() { ended_.request_stop(); }

 private:
  const Parts parts_;
  std::mutex one_;
  std::stop_source ended_;
};

}  // namespace fansipan::server
