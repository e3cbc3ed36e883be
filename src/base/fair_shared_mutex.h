#pragma once

#include <mutex>
#include <shared_mutex>

namespace fansipan::base {

/// A shared mutex at which nobody waits for those who came later. Problem: the system's lets
/// readers in while a writer waits, and some busy readers keep it waiting for minutes. To be used
/// through std::unique_lock and std::shared_lock; a thread must not take it twice, not even shared.
class FairSharedMutex {
 public:
  void lock() {
    gate_.lock();
    mutex_.lock();
  }
  void unlock() {
    mutex_.unlock();
    gate_.unlock();
  }
  void lock_shared() {
    const std::lock_guard gate(gate_);
    mutex_.lock_shared();
  }
  void unlock_shared() { mutex_.unlock_shared(); }

 private:
  std::mutex gate_;  ///< held by a writer from its coming to its going
  std::shared_mutex mutex_;
};

}  // namespace fansipan::base
