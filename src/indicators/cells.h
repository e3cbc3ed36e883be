#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "base/result.h"
#include "indicators/cell_chunk.h"
#include "indicators/delta.h"
#include "model/period.h"
#include "model/unit.h"

namespace fansipan::indicators {

/// Which leaves of which unit are read, and which dimension values.
struct CellRange {
  model::TreeKind tree = model::TreeKind::kTerritory;
  model::UnitId unit;
  model::Leaf first = 0;                       ///< included
  model::Leaf last = 0;                        ///< excluded
  std::function<bool(std::uint32_t)> accepts;  ///< tuple id → counts; empty: all count
};

/// Names a chunk among all of a center: leaves from `number` × kLeaves.
struct CellChunkKey {
  std::uint32_t set = 0;
  model::TreeKind tree = model::TreeKind::kTerritory;
  model::UnitId unit;
  std::int32_t number = 0;
  auto operator<=>(const CellChunkKey& other) const {
    return std::tie(set, tree, unit.value, number) <=>
           std::tie(other.set, other.tree, other.unit.value, other.number);
  }
  bool operator==(const CellChunkKey& other) const = default;
};

/// Cells that lie somewhere else and are fetched when asked for. Safe from any thread.
class CellSource {
 public:
  using Visit = std::function<void(const CellChunkKey&, const CellChunk&)>;
  virtual ~CellSource() = default;
  /// Visits the chunks from `first` to `last`, both included, in order. One that cannot be had is
  /// left out, and `status` says so from then on.
  virtual void ForEach(const CellChunkKey& first, const CellChunkKey& last,
                       const Visit& visit) const = 0;
  virtual base::Status status() const = 0;
};

/// The sums of all measures at one moment, rolled up over both trees. Problem: an answer reads tens
/// of thousands of them in milliseconds, and a center has tens of millions. A value without a
/// thread of its own: the engine owns one for now and builds others for past moments. A copy costs
/// little: both share the chunks that neither has changed since; give a copy up under the lock that
/// the original is changed under.
class Cells {
 public:
  /// The trees must outlive the cells. What `below` has counts in; it is never changed.
  Cells(const model::UnitTree& territory, const model::UnitTree& organisation,
        std::shared_ptr<const CellLayout> layout,
        std::shared_ptr<const CellSource> below = nullptr);

  /// Those of one cell cost least one after another.
  void Apply(std::span<const Delta> deltas);
  void Apply(const Delta& delta) { Apply(std::span(&delta, 1)); }
  /// Takes a chunk that was read back; there is none of this key yet, and none of a higher one.
  void Append(const CellChunkKey& key, CellChunk chunk);

  /// The measure's sum over the range.
  Accumulator Read(MeasureId measure, std::uint32_t measure_set, const CellRange& range) const;
  /// Calls `visit` for every unit and leaf of the measure: a range of that one leaf, the tuple's
  /// id, the sum, which may be nothing.
  void ForEach(
      std::uint32_t measure_set, MeasureId measure,
      const std::function<void(const CellRange&, std::uint32_t, const Accumulator&)>& visit) const;
  /// Dimension tuples that have a cell in the range, sorted.
  std::vector<std::uint32_t> TuplesIn(std::uint32_t measure_set, const CellRange& range) const;
  /// The own chunks of a measure set, in the order of their keys, without those below.
  void ForEachChunk(std::uint32_t measure_set, const CellSource::Visit& visit) const;

  const CellLayout& layout() const { return *layout_; }
  /// An error when something below could not be read: what was answered is then of no use.
  base::Status status() const { return below_ ? below_->status() : base::Status(); }

 private:
  /// Chunks of one measure set and unit, by number.
  using Unit = std::vector<std::pair<std::int32_t, std::shared_ptr<CellChunk>>>;
  /// Units of both trees, by id; null: no cells yet.
  using Units = std::array<std::vector<std::shared_ptr<Unit>>, 2>;
  using VisitPart = std::function<void(const CellChunk&, std::uint32_t first, std::uint32_t last)>;

  void AddUpwards(const model::UnitTree& tree, model::UnitId unit,
                  std::span<const Delta> of_one_cell);
  CellChunk& ChunkOf(const CellChunkKey& key);
  std::shared_ptr<Unit>& OwnUnit(const CellChunkKey& key);
  const Unit* FindUnit(const CellChunkKey& key) const;
  void VisitRange(std::uint32_t measure_set, const CellRange& range, const VisitPart& visit) const;
  void ForEachMerged(std::uint32_t measure_set, const CellSource::Visit& visit) const;

  std::array<const model::UnitTree*, 2> trees_;
  std::shared_ptr<const CellLayout> layout_;
  std::shared_ptr<const CellSource> below_;
  std::vector<Units> sets_;
};

}  // namespace fansipan::indicators
