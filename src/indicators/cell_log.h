#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "indicators/cell_log_reader.h"
#include "indicators/row_table.h"

namespace fansipan::indicators {

/// A block without its deltas. There are millions of them.
struct CellLogBlockPlace {
  base::Timestamp at;
  model::Sequence sequence;
  std::uint64_t offset;  ///< of its frame; 0: in memory
  std::uint32_t seed;
  std::uint32_t deltas : 31;  // a frame has far less
  std::uint32_t is_clock : 1;

  CellLogBlockPlace(const CellLogBlockHead& head, const CellLogPosition& position)
      : at(head.at),
        sequence(head.sequence),
        offset(position.offset),
        seed(position.seed),
        deltas(head.deltas & 0x7FFFFFFFU),
        is_clock(head.is_clock ? 1 : 0) {}
  CellLogPosition position() const { return {offset, seed}; }
};
static_assert(sizeof(CellLogBlockPlace) == 32);

/// Blocks that follow each other. Reading them takes no lock of the engine and may go on when the
/// log has grown.
struct CellLogSpan {
  std::shared_ptr<const CellLogReader> reader;
  CellLogPosition first;
  std::size_t on_file = 0;
  std::vector<std::shared_ptr<const CellLogBlock>> rest;  ///< those in memory, behind them
  CellLogBounds bounds;

  /// kCorrupt, kIo, and the patience's errors: from there on nothing was visited.
  base::Status ForEach(const VisitBlock& visit, const base::Patience& patience = {}) const;
};

/// The past of all cells: blocks ordered by moment, so that every past moment is a prefix, and now
/// and then a seal: what a prefix adds up to. Keeps where they stand in the file; the deltas
/// themselves only of blocks that the file does not hold (yet). Safe from any thread; one appends.
class CellLog {
 public:
  /// `bounds` without its tables, which must outlive the log.
  CellLog(CellLogBounds bounds, const RowTable& values, const RowTable& tuples);

  std::shared_ptr<const CellLogBlock> Append(CellLogBlock block);
  /// Takes what a file holds; the log must be empty.
  void Restore(std::deque<CellLogBlockPlace> blocks, std::vector<CellLogSealPlace> seals);
  /// From where blocks are read that the file holds.
  void SetReader(std::shared_ptr<const CellLogReader> reader);
  /// The file holds the next blocks and seals, the former at these positions.
  void Settle(const std::vector<CellLogPosition>& blocks,
              const std::vector<CellLogSealPlace>& seals);

  std::size_t size() const;
  CellLogBlockPlace Get(std::size_t index) const;
  /// How many blocks lie at or before `moment`.
  std::size_t CountUntil(base::Timestamp moment) const;
  /// The last seal of not more than `blocks` blocks.
  std::optional<CellLogSealPlace> FindSeal(std::uint64_t blocks) const;
  /// Blocks from number `first` up to `last`, which is left out.
  CellLogSpan Span(std::size_t first, std::size_t last) const;
  std::shared_ptr<const CellLogReader> reader() const;
  /// What numbers may stand for now.
  CellLogBounds bounds() const;

  /// The number of deltas in all blocks, and in those whose deltas are in memory, for metrics.
  std::uint64_t deltas() const;
  std::uint64_t deltas_in_memory() const;

 private:
  const CellLogBounds bounds_;
  const RowTable& values_;
  const RowTable& tuples_;

  mutable std::shared_mutex mutex_;  ///< guards what follows; held for moments only
  std::deque<CellLogBlockPlace> blocks_;
  std::size_t settled_ = 0;  ///< so many of them are in the file
  std::deque<std::shared_ptr<const CellLogBlock>> in_memory_;
  std::vector<CellLogSealPlace> seals_;
  std::shared_ptr<const CellLogReader> reader_;
  std::uint64_t deltas_ = 0;
  std::uint64_t deltas_in_memory_ = 0;
};

}  // namespace fansipan::indicators
