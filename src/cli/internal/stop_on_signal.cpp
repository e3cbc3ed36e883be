#include "cli/internal/stop_on_signal.h"

#include <pthread.h>

#include <ctime>

namespace fansipan::cli {

StopOnSignal::StopOnSignal(std::stop_source& stop) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::jthread([this, &stop](const std::stop_token& ends) {
    const timespec patience{.tv_sec = 0, .tv_nsec = 100'000'000};
    while (!ends.stop_requested()) {
      if (sigtimedwait(&signals_, nullptr, &patience) > 0) stop.request_stop();
    }
  });
}

StopOnSignal::~StopOnSignal() {
  thread_.request_stop();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace fansipan::cli
