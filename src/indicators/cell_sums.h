#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "indicators/cell_log.h"

namespace fansipan::indicators {

/// Adds up the log's base cells, not rolled up, so that a seal can be taken at any block. One
/// thread.
class CellSums {
 public:
  void Add(const Delta& delta);
  /// The sums so far, as those of `blocks` blocks.
  std::shared_ptr<const SealedCells> Seal(std::uint64_t blocks) const;
  std::size_t size() const { return sums_.size(); }

 private:
  struct Key {
    CellKey cell;
    MeasureId measure = 0;
    std::uint32_t value = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Sum {
    std::int64_t count = 0;
    model::Int128 sum = 0;
  };

  std::unordered_map<Key, Sum, KeyHash> sums_;
};

}  // namespace fansipan::indicators
