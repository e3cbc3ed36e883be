#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "indicators/plain/plain_territory.h"
#include "indicators/verification.h"
#include "model/figure.h"

namespace fansipan::indicators {

/// A number, or none. Of the reasons why there is none those are told that territory gives:
/// incomplete, not_comparable, changed_within_period. Others are empty.
struct PlainValue {
  std::optional<model::Decimal> value;
  std::string reason;
};

/// Adds up records and works formulas out as of one moment, as reported or on the territory of a
/// day, without a glance at how figures do it: in common with them are exact decimals, the model's
/// periods and the declarations of the evaluator's center. The evaluator must outlive it. Keeps
/// what it added up. One thread.
class PlainFigures {
 public:
  PlainFigures(const PlainEvaluator& plain, base::Timestamp as_of)
      : plain_(plain), center_(plain.center()), as_of_(as_of) {}

  /// Nothing: it cannot be compared.
  std::optional<PlainValue> ValueOf(const model::FigureKey& key);
  /// Of all that speak of the figure the most exact one, and of these the last one decided.
  std::optional<model::Decimal> TargetOf(const model::Indicator& indicator,
                                         const model::FigureKey& key) const;
  /// A measure; on the key's territory, `share` names what divides units of which no share is
  /// stated.
  PlainValue Measured(const model::Measure& measure, const model::FigureKey& key,
                      const std::string& share);

 private:
  using Cells = std::map<PlainEvaluator::Place, PlainEvaluator::Total>;
  /// What is shown of a reported indicator, by unit and span of time of a regime.
  using StatedKey =
      std::tuple<std::uint32_t, const model::Regime*, base::LocalTime, base::LocalTime>;
  using Stated = std::map<StatedKey, model::Decimal>;
  /// What a measure comes to in a unit of another day.
  struct Sum {
    PlainShare count = model::Decimal();
    PlainShare sum = model::Decimal();
    PlainEvaluator::Total whole;  ///< its values alone
    bool incomplete = false;
  };
  using Sums = std::map<model::UnitId, Sum>;
  using SumsKey = std::tuple<std::string, model::TreeKind, base::LocalTime, base::LocalTime,
                             model::Date, std::string>;
  using TerritoryKey = std::tuple<model::TreeKind, model::Date, std::string>;

  base::LocalTime LocalNow() const { return center_.time_zone.ToLocal(as_of_); }
  std::pair<model::Date, model::Date> DaysOf(const model::Period& period) const;

  PlainValue Evaluate(const model::Expression& part, const model::FigureKey& key,
                      const std::string& share);
  PlainValue Operated(const model::Expression& part, const model::FigureKey& key,
                      const std::string& share);
  PlainValue Called(const model::Expression& part, const model::FigureKey& key,
                    const std::string& share);
  PlainValue Named(const std::string& name, const model::FigureKey& key, const std::string& share);
  PlainValue Indicated(const model::Indicator& indicator, const model::FigureKey& key);
  PlainValue Reported(const model::Indicator& indicator, const model::FigureKey& key);
  Stated StatedOf(const model::Indicator& indicator) const;
  std::optional<PlainValue> Combined(const model::Indicator& indicator,
                                     const model::FigureKey& key);
  PlainValue Mean(const model::Indicator& indicator, const model::FigureKey& key,
                  const PlainPlaces& parts);
  PlainValue WeightOf(const model::Indicator& indicator, const model::FigureKey& key);

  std::optional<PlainEvaluator::Total> TotalOf(const model::Measure& measure,
                                               const model::FigureKey& key);
  PlainValue Finished(const model::Measure& measure, const Sum& sum) const;
  PlainTerritory& TerritoryOf(model::TreeKind tree, model::Date day, const std::string& share);
  const Sums& SumsOf(const model::Measure& measure, const model::FigureKey& key,
                     const std::string& share);
  void AddShare(const model::Measure& measure, const PlainEvaluator::Total& total,
                const PlainShare& share, Sum& sum) const;

  const PlainEvaluator& plain_;
  const center::Center& center_;
  const base::Timestamp as_of_;
  std::map<std::string, Cells> cells_;                            ///< by measure
  std::map<std::pair<std::string, model::TreeKind>, Cells> own_;  ///< in records' own units
  std::map<std::string, Stated> stated_;                          ///< by reported indicator
  std::map<TerritoryKey, std::unique_ptr<PlainTerritory>> territories_;
  std::map<SumsKey, Sums> sums_;
  bool comparable_ = true;
};

}  // namespace fansipan::indicators
