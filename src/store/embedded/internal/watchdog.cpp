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

std::list<Watchdog::Watched>::iterator Watchdog::Add(DuckDbConnection& connection,
                                                     SteadyTime deadline) {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
  return watched_.insert(watched_.end(), Watched{&connection, deadline});
}

/// The watch is made without the lock: its callback takes it, and is called at once when nobody
/// waits already.
Watchdog::Watch Watchdog::Guard(DuckDbConnection& connection, const base::Patience& patience) {
  return {*this, Add(connection, patience.deadline()), patience.gone()};
}

Watchdog::Watch::Watch(Watchdog& dog, std::list<Watched>::iterator entry,
                       const std::stop_token& gone)
    : dog_(&dog), entry_(entry) {
  on_gone_.emplace(gone, [this] {
    const std::lock_guard lock(dog_->mutex_);
    entry_->next = SteadyTime::min();
    dog_->changed_.notify_all();
  });
}

Watchdog::Watch::~Watch() {
  on_gone_.reset();  // waits for one that is being called
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
