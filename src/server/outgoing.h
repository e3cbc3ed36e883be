#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "center/center.h"
#include "security/source_secrets.h"
#include "sources/connectors/connectors.h"
#include "sources/intake.h"

namespace fansipan::server {

/// The connectors of the running center, with intake and the kept secrets behind them. Safe from
/// any thread.
class Outgoing {
 public:
  /// All of it outlives this.
  struct Parts {
    sources::Intake* intake = nullptr;
    security::SourceSecrets* secrets = nullptr;
    const base::Clock* clock = nullptr;
    base::RandomSource* random = nullptr;
    base::MetricsRegistry* metrics = nullptr;
  };
  explicit Outgoing(const Parts& parts);

  /// Ends those of the center before, breaking off what is under way, and starts those of this one;
  /// they go on where the last ones were. Logs which secrets are not set.
  void Switch(std::shared_ptr<const center::Center> center);
  /// Ends all of them, for good.
  void Stop();
  /// How the connector of a source stands; nothing when it has none that asks.
  std::optional<sources::Connection> ConnectionOf(const std::string& source) const;

 private:
  void TellOfSecrets(const center::Center& center) const;
  void EndVainFailures(const center::Center& center, const sources::Connectors& connectors) const;
  void EndRunning();

  const Parts parts_;
  const sources::ConnectorSurroundings surroundings_;
  std::mutex switching_;
  mutable std::mutex mutex_;
  std::unique_ptr<const sources::Connectors> connectors_;  ///< guarded by mutex_
  bool stopped_ = false;                                   ///< guarded by switching_
};

}  // namespace fansipan::server
