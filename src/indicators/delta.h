#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/decimal.h"
#include "model/period.h"
#include "model/unit.h"

namespace fansipan::indicators {

/// Why a cell changed.
enum class Cause : std::uint8_t {
  kNew,        ///< a record not known before, in time that was still running
  kLate,       ///< a record not known before, in a leaf of time that was already over
  kCorrected,  ///< a later version of a known record
  kWithdrawn,  ///< a record was taken back
  kRedefined,  ///< the same delivery read by a newer mapping, or by clocks that say something else
  kRestated,   ///< units or their lineage changed
  kClock,      ///< time passed, nothing arrived
  kTargeted    ///< a target was decided or declared otherwise; of figures, never of a cell
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

}  // namespace fansipan::indicators
