#include "store/embedded/internal/watchdog.h"

#include <algorithm>

#include "base/thread_name.h"

namespace fansipan::store::internal {
namespace {

constexpr std::chrono::milliseconds kRepeat{5};

}  // namespace

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Watchdog::Watch Watchdog::Guard(DuckDbConnection& connection, std::chrono::milliseconds deadline) {
  const std::lock_guard lock(mutex_);
  const auto entry = watched_.insert(
      watched_.end(), Watched{&connection, std::chrono::steady_clock::now() + deadline});
  changed_.notify_all();
  return {*this, entry};
}

Watchdog::Watch::~Watch() {
  const std::lock_guard lock(dog_->mutex_);
  dog_->watched_.erase(entry_);
}

void Watchdog::Run() {
  base::NameThread("watchdog");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (watched_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = std::min_element(
        watched_.begin(), watched_.end(),
        [](const Watched& left, const Watched& right) { return left.next < right.next; });
    const SteadyTime now = std::chrono::steady_clock::now();
    if (first->next > now) {
      changed_.wait_until(lock, SteadyTime(first->next));
      continue;
    }
    first->connection->Interrupt();
    first->next = now + kRepeat;
  }
}

}  // namespace fansipan::store::internal
