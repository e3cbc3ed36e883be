#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/metrics.h"
#include "base/result.h"
#include "http/application.h"
#include "http/lanes.h"
#include "http/server.h"
#include "live/hub.h"

namespace fansipan::http::internal {

/// What connections share. All of it outlives them.
struct ConnectionParts {
  const Application* application = nullptr;
  Lanes* lanes = nullptr;
  live::Hub* hub = nullptr;
  ServerLimits limits;
  base::MetricsRegistry* metrics = nullptr;
  std::atomic<std::uint64_t>* body_memory = nullptr;  ///< bytes of bodies being held
  base::QueueGauges* body_fullness = nullptr;         ///< shows them
  std::atomic<bool>* stopping = nullptr;
};

/// Accepts connections and runs them on its threads.
class Listener {
 public:
  static base::Result<std::unique_ptr<Listener>> Start(const ServerSettings& settings,
                                                       const ConnectionParts& parts);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const;
  /// No new connections; idle ones are closed, others after the answer they are at.
  void Drain();
  /// True when no connection is left before `grace` has passed.
  bool WaitUntilEmpty(std::chrono::milliseconds grace);
  /// Has the handlers of requests under way break off what may last.
  void GiveUp();
  /// Closes what is left and ends the threads.
  void Stop();

 private:
  struct State;
  explicit Listener(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace fansipan::http::internal
