#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/patience.h"
#include "store/embedded/internal/duckdb_connection.h"

namespace fansipan::store::internal {

/// Stops statements whose patience is over, from a thread of its own. The engine forgets an
/// interrupt that comes just before a statement starts, so it is repeated until the watch ends.
class Watchdog {
 public:
  Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Watched {
    DuckDbConnection* connection;
    SteadyTime next;
  };

 public:
  /// Ends the watch when it goes; must go before its connection.
  class Watch {
   public:
    Watch(Watchdog& dog, std::list<Watched>::iterator entry, const std::stop_token& gone);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    Watchdog* dog_;
    std::list<Watched>::iterator entry_;
    std::optional<std::stop_callback<std::function<void()>>> on_gone_;
  };

  Watch Guard(DuckDbConnection& connection, const base::Patience& patience);

 private:
  std::list<Watched>::iterator Add(DuckDbConnection& connection, SteadyTime deadline);
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Watched> watched_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fansipan::store::internal
