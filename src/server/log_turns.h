#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace fansipan::server {

/// Who may write a center's cell log: one at a time. A former center that runs again and the same
/// center's past, computed when somebody asks for it, have one file. Safe from any thread; must
/// outlive the turns that were taken.
class LogTurns {
 public:
  /// A turn, given back when it is destroyed.
  class Turn {
   public:
    Turn(LogTurns& turns, std::string revision) : turns_(&turns), revision_(std::move(revision)) {}
    Turn(Turn&& other) noexcept
        : turns_(std::exchange(other.turns_, nullptr)), revision_(std::move(other.revision_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->GiveBack(revision_);
    }

   private:
    LogTurns* turns_;
    std::string revision_;
  };

  /// Waits until nobody else has it.
  Turn Take(const std::string& revision) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return taken_.insert(revision).second; });
    return {*this, revision};
  }
  /// Nothing when somebody has it.
  std::optional<Turn> TakeIfFree(const std::string& revision) {
    const std::lock_guard lock(mutex_);
    if (!taken_.insert(revision).second) return std::nullopt;
    return std::optional<Turn>(std::in_place, *this, revision);
  }

 private:
  void GiveBack(const std::string& revision) {
    {
      const std::lock_guard lock(mutex_);
      taken_.erase(revision);
    }
    changed_.notify_all();
  }

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::set<std::string> taken_;
};

}  // namespace fansipan::server
