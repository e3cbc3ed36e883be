#pragma once

#include <csignal>

namespace fansipan::cli {

/// Waits for SIGINT or SIGTERM. Made before any other thread, so that all leave these signals to
/// it.
class Termination {
 public:
  Termination();
  void Wait() const;

 private:
  sigset_t signals_{};
};

}  // namespace fansipan::cli
