#include "cli/termination.h"

#include <pthread.h>

namespace fansipan::cli {

Termination::Termination() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void Termination::Wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
}

}  // namespace fansipan::cli
