#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/patience.h"
#include "base/result.h"

namespace fansipan::base {

/// Lets one at a time do what needs much of something that all share. Who waits does so no longer
/// than its patience. Safe from any thread; outlives the turns it gave.
class Turns {
  struct End {
    void operator()(Turns* turns) const;
  };

 public:
  using Turn = std::unique_ptr<Turns, End>;  ///< lasts until it is destroyed

  /// The patience's errors.
  Result<Turn> Take(const Patience& patience);

 private:
  std::mutex mutex_;
  std::condition_variable_any ended_;
  bool taken_ = false;
};

}  // namespace fansipan::base
