#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/record.h"

namespace fansipan::indicators {

/// Something that is said of a source, since when and why.
struct SourceTrouble {
  base::Timestamp since;
  std::string reason;   ///< a word for machines; of a pause the official's reason
  std::string message;  ///< for who must act; may be empty
  std::string by;       ///< of a pause: who decided it
  std::optional<model::Sequence> delivery;  ///< the one that was refused
  std::uint64_t times = 1;                  ///< so often it has been said since it began
  bool operator==(const SourceTrouble&) const = default;
};

/// What is said of a source at some moment, besides when it was heard.
struct SourceConditions {
  std::optional<SourceTrouble> paused;
  std::optional<SourceTrouble> failing;  ///< its connector cannot ask it
  std::optional<SourceTrouble> refused;  ///< its last delivery could not be taken
  std::optional<base::Timestamp> resumed_at;
  bool operator==(const SourceConditions&) const = default;
};

/// From when on something else was said of a source.
struct ConditionsEntry {
  base::Timestamp recorded_at;
  std::shared_ptr<const SourceConditions> conditions;  ///< up to and with this entry; never null
  std::uint64_t left_out = 0;  ///< so many changes right before it are not kept
};

/// What was said of one source from moment to moment, within bounds. Of a trouble that is said
/// again and again the first and the last kMaxWords entries are kept, half of each, and its `times`
/// tell of all; of everything the oldest and the youngest kMaxEntries, and an entry tells how many
/// are left out before it. What is left out begins behind a trouble, so that it is never taken for
/// a good time. It follows from what was added alone. Not safe for threads.
class ConditionLog {
 public:
  static constexpr std::size_t kMaxWords = 16;
  static constexpr std::size_t kMaxEntries = 10'000;

  /// `recorded_at` is not before that of the entry before.
  void Add(base::Timestamp recorded_at, SourceConditions conditions);
  /// In order.
  const std::vector<ConditionsEntry>& entries() const { return entries_; }
  /// The last; nothing is said before the first.
  SourceConditions Last() const;

 private:
  void LeaveOut(std::size_t first, std::size_t count);

  std::vector<ConditionsEntry> entries_;
  std::size_t words_ = 0;  ///< so many of the last entries say the same troubles again
};

}  // namespace fansipan::indicators
