#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "store/embedded/internal/duckdb_connection.h"

namespace fansipan::store::internal {

/// Stops statements at their deadline from a thread of its own. The engine forgets an interrupt
/// that comes just before a statement starts, so it is repeated until the watch ends. Time is the
/// machine's steady clock: a deadline bounds real work.
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
    Watch(Watchdog& dog, std::list<Watched>::iterator entry) : dog_(&dog), entry_(entry) {}
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    Watchdog* dog_;
    std::list<Watched>::iterator entry_;
  };

  Watch Guard(DuckDbConnection& connection, std::chrono::milliseconds deadline);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Watched> watched_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fansipan::store::internal
