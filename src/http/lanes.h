#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/metrics.h"
#include "base/thread_priority.h"
#include "http/router.h"

namespace fansipan::http {

struct LaneSettings {
  std::size_t threads = 1;
  std::size_t queue = 64;  ///< jobs that may wait; more are refused
};

/// Threads that handlers run on, apart for each kind of work. A full lane refuses; a lane's jobs
/// never wait for another lane's.
class Lanes {
 public:
  using Settings = std::array<LaneSettings, kLaneCount>;  ///< by Lane; kInline has none
  static Settings DefaultSettings();

  Lanes(const Settings& settings, base::MetricsRegistry& metrics);
  ~Lanes() { Stop(); }
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  /// False when the lane is full or stopped. The job learns how long it waited.
  bool TrySubmit(Lane lane, std::function<void(std::chrono::steady_clock::duration)> job);
  /// Finishes what was taken, then ends the threads.
  void Stop();

 private:
  struct Job {
    std::function<void(std::chrono::steady_clock::duration)> run;
    std::chrono::steady_clock::time_point submitted;
  };
  struct Pool {
    explicit Pool(std::size_t capacity) : queue(capacity) {}
    base::BoundedQueue<Job> queue;
    std::vector<std::thread> threads;
    base::Histogram* waiting = nullptr;
    base::Counter* refused = nullptr;
    std::optional<base::QueueGauges> fullness;
    std::string name;  ///< of its threads
    base::Priority priority = base::Priority::kAnswers;
  };
  static void Run(Pool& pool);

  std::array<std::unique_ptr<Pool>, kLaneCount> pools_;
};

}  // namespace fansipan::http
