#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "indicators/delta.h"

namespace fansipan::indicators::internal {

/// Adds up deltas of the same cell, measure, cause and value as they come, in order of first
/// appearance. One thread.
class DeltaSums {
 public:
  void Add(const Delta& delta);
  /// What was added since the last Take; what adds up to nothing is left out.
  std::vector<Delta> Take();
  void Clear();

 private:
  struct Place {
    std::uint32_t hash = 0;
    std::uint32_t sum = kNone;  ///< index
  };
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  void Grow();
  void Empty(std::size_t sums);

  std::vector<Delta> sums_;
  std::vector<Place> places_;  ///< a power of two, probed in line
};

}  // namespace fansipan::indicators::internal
