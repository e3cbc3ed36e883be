#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::security {

/// The signatures of pushed bodies that have come in, whatever became of the body: each opens the
/// way once. A right signature says when it was made, so that those too old to be taken anyway are
/// forgotten. In memory: a restart forgets all. Safe from any thread.
class UsedSignatures {
 public:
  /// Longer than any source may declare that a signature is taken after it was made.
  static constexpr base::Duration kKeptFor = std::chrono::hours(2);

  /// `most`: of all sources together, about 200 bytes each.
  explicit UsedSignatures(std::size_t most = 500'000) : most_(most) {}

  /// True the first time, false ever after. The signature must have been found right. kUnavailable
  /// intake_busy: there are as many as can be remembered; none is forgotten to make room.
  base::Result<bool> Use(std::string_view signature, base::Timestamp signed_at,
                         base::Timestamp now);

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::set<std::pair<base::Timestamp, std::string>> used_;  ///< by when they were made
};

}  // namespace fansipan::security
