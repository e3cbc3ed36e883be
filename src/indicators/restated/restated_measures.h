#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "indicators/restated/measure_reading.h"
#include "model/units/restated_territory.h"

namespace fansipan::indicators {

/// What reading on another day's territory came upon, for the figure's passport.
struct RestatementNotes {
  /// Of whom the figure is made; twice when its share changed within the period.
  std::set<std::pair<model::UnitId, std::optional<model::Decimal>>> units;
  std::set<model::RestatementGap> gaps;
  bool changed = false;       ///< it is not simply the unit itself
  std::uint64_t records = 0;  ///< behind figures that were combined
};

/// Notes that nobody knows how much of the unit counts: for want of the attribute of those units,
/// or because no share was stated.
void NoteUnknownShare(model::UnitId unit, const std::set<model::UnitId>& lacking,
                      const std::string& attribute, RestatementNotes& notes);

/// Reads measures on the territory of the key's day. A record counts where its unit's content lies
/// on that day: what happens, from the day on which it happened; what is there, from the period's
/// last day, or today. Shares multiply exactly, up to 18 decimals. Refers to the view and filter.
class RestatedMeasures {
 public:
  RestatedMeasures(const View& view, const std::optional<DimensionFilter>& filter,
                   RestatementNotes* notes = nullptr)
      : view_(view), filter_(filter), notes_(notes) {}

  /// `share`: the attribute that divides what no share is stated of, or empty. The period must not
  /// be ahead. No value with reason `incomplete` when a share that counts is not known.
  MeasureValue Read(MeasureId measure, const model::FigureKey& key, const std::string& share) const;

  /// The parts of time in which the figure's unit is made of the same, with the leaves to read.
  struct Piece {
    const model::RestatedContent* content = nullptr;
    model::Date day{};  ///< one of them
    model::Leaf first = 0;
    model::Leaf last = 0;
  };
  /// Nothing: the period is finer than what is kept. The pieces live as long as `territory`.
  std::optional<std::vector<Piece>> PiecesOf(MeasureId measure, const model::FigureKey& key,
                                             const model::RestatedTerritory& territory) const;

 private:
  class Total;
  Accumulator ReadCells(MeasureId measure, const CellRange& range,
                        const model::RestatedReading& reading) const;

  const View& view_;
  const std::optional<DimensionFilter>& filter_;
  RestatementNotes* notes_;
};

/// The days from which a stock's and a flow's content is carried: the period's days, not later than
/// the view's.
std::pair<model::Date, model::Date> DaysOf(const View& view, const model::Period& period);

}  // namespace fansipan::indicators
