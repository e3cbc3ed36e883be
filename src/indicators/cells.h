#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/decimal.h"
#include "model/period.h"
#include "model/unit.h"
#include "model/value.h"

namespace fansipan::indicators {

/// Why a cell changed.
enum class Cause : std::uint8_t {
  kNew,        ///< a record not known before, in time that was still running
  kLate,       ///< a record not known before, in a leaf of time that was already over
  kCorrected,  ///< a later version of a known record
  kWithdrawn,  ///< a record was taken back
  kRedefined,  ///< the same delivery read by a newer mapping
  kRestated,   ///< units or their lineage changed
  kClock       ///< time passed, nothing arrived
};
std::string_view NameOf(Cause cause);

/// Index of a measure in its center.
using MeasureId = std::uint32_t;

/// Where a record counts: its own unit in each tree, its leaf of time, its dimension values.
struct CellKey {
  std::uint32_t measure_set = 0;
  model::UnitId territory;
  model::UnitId organisation;
  model::Leaf leaf = 0;
  std::uint32_t dimensions = 0;  ///< id of the tuple of dimension values, in a RowTable
  bool operator==(const CellKey&) const = default;
};

struct CellKeyHash {
  std::size_t operator()(const CellKey& key) const;
};

/// A signed change of one measure in one cell.
struct Delta {
  CellKey cell;
  MeasureId measure = 0;
  Cause cause = Cause::kNew;
  std::uint32_t value = 0;  ///< row id + 1 of the value that comes or goes, 0: none is kept
  std::int64_t count = 0;   ///< records
  model::Int128 sum = 0;    ///< unscaled, at the scale of the measure's column
};

/// Gives rows of values small numbers that never change, from 0 up. Safe from any thread: the
/// engine adds while readers look up.
class RowTable {
 public:
  std::uint32_t IdOf(const model::Row& row);
  model::Row Get(std::uint32_t id) const;
  std::size_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<model::Row> rows_;
};

/// What a measure adds up to in some cells. Addition only, so that any grouping gives the same.
struct Accumulator {
  std::int64_t count = 0;
  model::Int128 sum = 0;
  std::map<std::uint32_t, std::int64_t> values;  ///< multiset: value id → how often; never zero

  void Add(const Delta& delta);
  void Add(const Accumulator& other);
  bool is_zero() const { return count == 0 && sum == 0 && values.empty(); }
};

/// Which leaves of which unit are read, and which dimension values.
struct CellRange {
  model::TreeKind tree = model::TreeKind::kTerritory;
  model::UnitId unit;
  model::Leaf first = 0;                       ///< included
  model::Leaf last = 0;                        ///< excluded
  std::function<bool(std::uint32_t)> accepts;  ///< tuple id → counts; empty: all count
};

/// The sums of all measures at one moment, rolled up over both trees. A plain value without a
/// thread of its own: the engine owns one for now and builds others for past moments.
class Cells {
 public:
  Cells(const model::UnitTree& territory, const model::UnitTree& organisation);

  void Apply(const Delta& delta);
  /// The measure's sum over the range.
  Accumulator Read(MeasureId measure, std::uint32_t measure_set, const CellRange& range) const;
  /// Calls `visit` for every unit and leaf of the measure: a range of that one leaf, the tuple's
  /// id, the sum.
  void ForEach(
      std::uint32_t measure_set, MeasureId measure,
      const std::function<void(const CellRange&, std::uint32_t, const Accumulator&)>& visit) const;
  /// Dimension tuples that have a cell in the range.
  std::vector<std::uint32_t> TuplesIn(std::uint32_t measure_set, const CellRange& range) const;

 private:
  struct LeafCell {
    std::uint32_t dimensions = 0;
    std::map<MeasureId, Accumulator> measures;
  };
  using Leaves = std::map<model::Leaf, std::vector<LeafCell>>;
  struct UnitKey {
    std::uint32_t measure_set = 0;
    model::TreeKind tree = model::TreeKind::kTerritory;
    model::UnitId unit;
    bool operator==(const UnitKey&) const = default;
  };
  struct UnitKeyHash {
    std::size_t operator()(const UnitKey& key) const;
  };

  void AddUpwards(const model::UnitTree& tree, model::UnitId unit, const Delta& delta);
  const Leaves* Find(std::uint32_t measure_set, const CellRange& range) const;

  const model::UnitTree* territory_;
  const model::UnitTree* organisation_;
  std::unordered_map<UnitKey, Leaves, UnitKeyHash> units_;
};

}  // namespace fansipan::indicators
