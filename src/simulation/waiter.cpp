#include "simulation/waiter.h"

#include <condition_variable>
#include <mutex>

namespace fansipan::simulation {

bool RealWaiter::Wait(base::Duration span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, span, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace fansipan::simulation
