#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace fansipan::cli {

/// Turns SIGINT and SIGTERM into a stop while it lives. Made before other threads, which then leave
/// these signals to it.
class StopOnSignal {
 public:
  explicit StopOnSignal(std::stop_source& stop);
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  sigset_t signals_{};
  sigset_t before_{};
  std::jthread thread_;
};

}  // namespace fansipan::cli
