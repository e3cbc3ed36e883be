#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "sources/connectors/connection.h"
#include "sources/connectors/connector.h"

namespace fansipan::sources {

/// Runs one connector on a thread of its own from construction to destruction: asks, waits, asks
/// again; after a failure sooner, at growing distances with chance in them, so that many sources
/// behind one broken line do not come back at once. Shows how it stands, and counts. Destroying it
/// breaks off what is under way, and its gauges are shown no more. While the source is paused it is
/// not asked. A failure that lasts is recorded, and so is its end.
class ConnectorRunner {
 public:
  ConnectorRunner(std::string source, std::string connector_name,
                  std::unique_ptr<Connector> connector, ConnectorSurroundings surroundings);
  ~ConnectorRunner();
  ConnectorRunner(const ConnectorRunner&) = delete;
  ConnectorRunner& operator=(const ConnectorRunner&) = delete;

  /// Asks it to end; the destructor waits for it.
  void RequestStop() { thread_.request_stop(); }
  /// Safe from any thread. A pause, and its end, show at once.
  Connection connection() const;

 private:
  class Gate;

  void Run(const std::stop_token& stop);
  /// How long to wait after an asking that ended so.
  base::Duration NoteEnd(const base::Status& status, Gate& gate);
  void ForgetFailures();
  base::Duration NoteFailure(const base::Error& error, base::Duration hold_off);
  base::Duration Backoff(std::uint32_t failures) const;
  base::Timestamp Now() const { return surroundings_.clock->Now(); }
  void RecordFailure(const base::Error& error) const;
  void RecordAnswering() const;
  void WaitUnlessPaused(base::Duration duration, const std::stop_token& stop);
  bool IsPaused() const;
  void SetPhase(ConnectionPhase phase);
  void NoteHeldBack(const base::Error& error);
  void NoteContact();

  const std::string source_;
  const std::string connector_name_;
  const std::unique_ptr<Connector> connector_;
  const ConnectorSurroundings surroundings_;
  base::Gauge& phase_gauge_;
  base::Gauge& contact_gauge_;
  base::Counter& failures_;
  base::Counter& deliveries_;
  base::Counter& rows_;
  mutable std::mutex mutex_;
  Connection connection_;                 ///< guarded by mutex_
  std::optional<base::Error> held_back_;  ///< guarded by mutex_
  std::jthread thread_;
};

}  // namespace fansipan::sources
