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
/// last one) or because deadlines passed (then it is the last one before). Never without deltas.
struct CellLogBlock {
  base::Timestamp at;
  model::Sequence sequence;
  std::vector<Delta> deltas;

  /// Written because time passed, not by a group commit.
  bool is_clock() const { return deltas.front().cause == Cause::kClock; }
};

using CellLogBlocks = std::vector<std::shared_ptr<const CellLogBlock>>;

/// What the first `blocks` blocks of a log add up to: one delta for each cell, measure and value,
/// whatever their causes. Adding them gives the cells that adding those blocks gives.
struct SealedCells {
  std::uint64_t blocks = 0;
  std::vector<Delta> sums;
};

using CellLogSeals = std::vector<std::shared_ptr<const SealedCells>>;

/// The past of all cells: blocks ordered by moment, so that every past moment is a prefix, and now
/// and then what a prefix adds up to. Owner: the engine, under its lock; what `blocks()` and
/// `seals()` point to never changes and may be read anywhere.
class CellLog {
 public:
  std::shared_ptr<const CellLogBlock> Append(CellLogBlock block);
  /// Takes blocks and seals read back; the log must be empty.
  void Restore(CellLogBlocks blocks, CellLogSeals seals);
  /// `seal.blocks` must be above that of the seal before.
  void AddSeal(std::shared_ptr<const SealedCells> seal) { seals_.push_back(std::move(seal)); }

  const CellLogBlocks& blocks() const { return blocks_; }
  const CellLogSeals& seals() const { return seals_; }
  /// The sum of deltas over all blocks, for metrics.
  std::uint64_t deltas() const { return deltas_; }

 private:
  CellLogBlocks blocks_;
  CellLogSeals seals_;
  std::uint64_t deltas_ = 0;
};

/// How many blocks lie at or before `moment`.
std::size_t CountUntil(const CellLogBlocks& blocks, base::Timestamp moment);
/// The last seal of not more than `blocks` blocks; null when there is none.
std::shared_ptr<const SealedCells> FindSeal(const CellLogSeals& seals, std::uint64_t blocks);
/// Adds what the first `count` blocks add up to, starting from `seal`, which may be null.
void AddUp(const CellLogBlocks& blocks, std::size_t count, const SealedCells* seal, Cells& cells);

}  // namespace fansipan::indicators
