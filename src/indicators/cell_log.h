#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "indicators/cells.h"
#include "model/record.h"

namespace fansipan::indicators {

/// Everything that changed in the cells at one moment: by one group commit (then `sequence` is its
/// last one) or because a deadline passed (then it is the last one before).
struct CellLogBlock {
  base::Timestamp at;
  model::Sequence sequence;
  std::vector<Delta> deltas;
};

using CellLogBlocks = std::vector<std::shared_ptr<const CellLogBlock>>;

/// The past of all cells: blocks ordered by moment, so that every past moment is a prefix. Owner: the
/// engine's writing thread; a copy of `blocks()` may be read anywhere, since blocks never change.
class CellLog {
 public:
  void Append(CellLogBlock block);
  const CellLogBlocks& blocks() const { return blocks_; }
  /// The sum of deltas over all blocks, for metrics.
  std::uint64_t deltas() const { return deltas_; }

 private:
  CellLogBlocks blocks_;
  std::uint64_t deltas_ = 0;
};

/// How many blocks lie at or before `moment`.
std::size_t CountUntil(const CellLogBlocks& blocks, base::Timestamp moment);

}  // namespace fansipan::indicators
