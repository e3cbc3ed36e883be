#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "indicators/delta.h"
#include "indicators/place_resolver.h"
#include "indicators/row_table.h"
#include "model/row_condition.h"

namespace fansipan::indicators {

/// Measures of one dataset whose cells have the same grain and dimensions.
struct MeasureSet {
  std::string dataset;
  model::Grain grain = model::Grain::kDay;
  std::vector<std::size_t> dimensions;
};

/// A stock's next change: a record enters or leaves it when time reaches `moment`.
struct PendingEdge {
  base::Timestamp moment;
  MeasureId measure = 0;
  bool leaves = false;
};

/// What each record of each dataset adds to which cells: the declared measures, ready to be applied
/// row by row. Immutable once built, but for the tables it interns into; safe from any thread.
class MeasurePlan {
 public:
  static base::Result<MeasurePlan> Build(std::shared_ptr<const center::Center> center);

  /// How one version changes the cells at a moment.
  struct Effect {
    Cause cause = Cause::kNew;    ///< kNew becomes kLate in leaves over at `recorded_at`
    base::Timestamp recorded_at;  ///< also: deadlines up to here have passed
  };
  /// Appends what turns the contribution of `before` into that of `after`, rows of dataset number
  /// `dataset`; null: there is none. Measures whose columns are alike in both are left out: theirs
  /// would add up to nothing.
  void AppendDifference(std::size_t dataset, const model::Row* before, const model::Row* after,
                        const Effect& effect, std::vector<Delta>& deltas) const;
  /// Edges of stocks after `moment`.
  void AppendPending(std::size_t dataset, const model::Row& values, base::Timestamp moment,
                     std::vector<PendingEdge>& edges) const;
  /// The delta of one edge when its moment has come.
  std::optional<Delta> DeltaOfEdge(std::size_t dataset, const model::Row& values,
                                   const PendingEdge& edge) const;

  std::optional<std::size_t> FindDataset(std::string_view name) const;
  std::optional<MeasureId> FindMeasure(std::string_view name) const;
  const model::Measure& measure(MeasureId id) const { return center_->measures[id]; }
  const model::Dataset& dataset(std::size_t index) const { return center_->datasets[index]; }
  std::uint32_t SetOf(MeasureId id) const { return measures_[id].set; }
  const MeasureSet& measure_set(std::uint32_t set) const { return sets_[set]; }
  /// The columns that AppendPending reads.
  std::vector<std::size_t> PendingColumns(std::size_t dataset) const;
  /// The measures that count its records with contradicting due moments.
  const std::vector<MeasureId>& ContradictionsOf(MeasureId id) const {
    return measures_[id].contradictions;
  }
  /// True when any measure has such.
  bool HasContradictions() const { return has_contradictions_; }
  /// Decimals of the measure's sums.
  int ScaleOf(MeasureId id) const { return measures_[id].scale; }
  const PlaceResolver* ResolverOf(std::size_t dataset, model::TreeKind tree) const;
  /// The record's own unit on a day; the root without a place, kNoUnit in an empty tree.
  model::UnitId UnitOf(std::size_t dataset, model::TreeKind tree, const model::Row& values,
                       model::Date day) const;
  /// Values that multisets keep, each a row of one; Delta::value is its id + 1.
  RowTable& values() const { return *values_; }
  /// Tuples of dimension values; CellKey::dimensions is an id.
  RowTable& tuples() const { return *tuples_; }

 private:
  struct PlannedMeasure {
    std::uint32_t set = 0;
    int scale = 0;
    std::optional<model::RowCondition> condition;
    std::vector<std::size_t> columns;  ///< all that decide what a row adds to which cell
    std::vector<MeasureId> contradictions;
  };
  struct PlannedDataset {
    std::vector<MeasureId> measures;  ///< those of a set beside each other
    std::shared_ptr<const PlaceResolver> territory;
    std::shared_ptr<const PlaceResolver> organisation;
  };
  struct Quantity {
    model::Int128 sum = 0;
    std::uint32_t value = 0;
  };

  base::Status Add(MeasureId id);
  std::uint32_t SetFor(const model::Measure& measure);
  bool Counts(MeasureId id, const model::Row& values) const;
  std::optional<Quantity> QuantityOf(MeasureId id, const model::Row& values) const;
  std::optional<base::Timestamp> MomentOf(const model::Value& value) const;
  std::vector<std::size_t> ColumnsOf(const model::Measure& measure, const PlannedMeasure& planned,
                                     const model::Dataset& dataset) const;
  bool IsAlike(MeasureId id, const model::Row& before, const model::Row& after) const;
  /// What the measures of one row ask for again and again.
  class RowReading;
  /// What a row adds comes (sign 1) or leaves (-1).
  struct Turn {
    const Effect& effect;
    base::LocalTime recorded;
    int sign = 1;
  };
  void AppendContribution(MeasureId id, RowReading& row, const Turn& turn,
                          std::vector<Delta>& deltas) const;
  std::optional<Delta> DeltaAt(MeasureId id, RowReading& row, base::Timestamp moment) const;

  std::shared_ptr<const center::Center> center_;
  std::vector<MeasureSet> sets_;
  bool has_contradictions_ = false;
  std::vector<PlannedMeasure> measures_;
  std::vector<PlannedDataset> datasets_;
  std::shared_ptr<RowTable> values_ = std::make_shared<RowTable>();
  std::shared_ptr<RowTable> tuples_ = std::make_shared<RowTable>();
};

}  // namespace fansipan::indicators
