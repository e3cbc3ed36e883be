#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "indicators/engine.h"
#include "indicators/figures.h"
#include "indicators/formula.h"
#include "indicators/restated/restated_measures.h"
#include "model/figure.h"

namespace fansipan::indicators::internal {

/// What a figure takes over from the reported values that were read for it.
struct StatedNotes {
  std::set<model::TrustMark> marks;  ///< estimate, preliminary
  std::set<std::string> reporters;   ///< sources that stated them
};

/// Reads one formula with everything below it, or what was reported, remembering its parts, and on
/// another day's territory what it is made of. Refers to all that it is given.
class FormulaReader {
 public:
  FormulaReader(const View& view, const std::optional<DimensionFilter>& filter,
                RestatementNotes& notes, StatedNotes& stated)
      : view_(view), filter_(filter), notes_(notes), stated_(stated) {}

  /// `units` takes the figures that were combined, where the indicator's rule does so.
  FormulaValue Read(const model::Indicator& indicator, const model::FigureKey& key,
                    std::vector<model::FormulaPart>* parts,
                    std::vector<model::RestatedUnit>* units = nullptr) const;

 private:
  /// Where a formula, or what stands in a function, is read, and how its names are shown: behind
  /// "previous(" and before ")". `share` is the attribute that divides units for the formula.
  struct Place {
    model::FigureKey key;
    const std::string* share;
    std::vector<model::FormulaPart>* parts;
    std::string before;
    std::string behind;

    std::string LabelOf(const std::string& name) const { return before + name + behind; }
    Place Within(const std::string& function, const std::string& end) const {
      return {key, share, parts, before + function + "(", end + behind};
    }
  };

  FormulaValue Evaluate(const model::Expression& formula, const Place& place) const;
  FormulaValue Named(const std::string& name, const Place& place) const;
  FormulaValue Called(const model::Expression& call, const Place& place) const;
  FormulaValue Target(const std::string& name, const Place& place) const;
  FormulaValue OfYears(const model::Expression& call, const Place& place) const;
  Place YearsBefore(const Place& place, std::int64_t years) const;
  FormulaValue OfYear(const model::Expression& argument, Place place) const;
  FormulaValue Known(const model::Expression& argument, const Place& place,
                     RestatementNotes& notes) const;
  FormulaValue ReadStated(const model::Indicator& indicator, const model::FigureKey& key) const;
  std::optional<FormulaValue> Combine(const model::Indicator& indicator,
                                      const model::FigureKey& key,
                                      std::vector<model::RestatedUnit>* units) const;
  MeasureValue Measured(MeasureId measure, const Place& place) const;

  const View& view_;
  const std::optional<DimensionFilter>& filter_;
  RestatementNotes& notes_;
  StatedNotes& stated_;
};

/// The target that holds for the figure at the view's moment.
std::optional<model::Decimal> FindTarget(const View& view, const model::Indicator& indicator,
                                         const model::FigureKey& key);

/// The vintage of a statement of a reported indicator.
const model::Vintage& VintageOf(const View& view, const model::Indicator& indicator,
                                const Statement& statement);

}  // namespace fansipan::indicators::internal
