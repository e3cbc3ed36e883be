#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "center/center.h"
#include "indicators/engine.h"
#include "model/record.h"
#include "store/journal.h"

namespace fansipan::indicators {

/// Something that does not agree with its recomputation.
struct Finding {
  std::string what;  ///< the thing: "measure overdue, territory 02647, 2026-11-23, channel online"
  std::string expected;  ///< what the plain recomputation gives
  std::string found;     ///< what the running center says
};

/// The plain answer: keeps every version as it was recorded and computes figures row by row, with
/// nothing in common with index, cells and log but the declarations. Slow on purpose. One thread.
class PlainEvaluator {
 public:
  explicit PlainEvaluator(std::shared_ptr<const center::Center> center);

  /// Takes the next entry of the journal.
  void Add(const store::JournalEntry& entry);

  const center::Center& center() const { return *center_; }

  struct ValueOrder {
    bool operator()(const model::Value& left, const model::Value& right) const {
      return model::Compare(left, right) < 0;
    }
  };
  /// A measure in every unit of both trees that has records, per leaf and dimension tuple, as of a
  /// moment.
  struct Total {
    std::int64_t count = 0;
    model::Int128 sum = 0;
    std::map<model::Value, std::int64_t, ValueOrder> values;  ///< how often each
    bool operator==(const Total&) const = default;
  };
  struct Place {
    model::TreeKind tree = model::TreeKind::kTerritory;
    std::uint32_t unit = 0;
    model::Leaf leaf = 0;
    std::string dimensions;  ///< canonical bytes of the tuple
    auto operator<=>(const Place&) const = default;
  };
  std::map<Place, Total> Compute(const model::Measure& measure, base::Timestamp as_of) const;
  /// The same of one tree, in the records' own units alone.
  std::map<Place, Total> ComputeOwn(const model::Measure& measure, model::TreeKind tree,
                                    base::Timestamp as_of) const;

  /// Compares what clocks say of every current record, as it was recorded, with a walk over days by
  /// the calendars of this center. Ends once there are `limit` findings.
  std::vector<Finding> CompareClocks(base::Timestamp as_of, std::size_t limit) const;

  /// Where a reported value is stated, and what is shown there.
  struct StatedPlace {
    std::uint32_t unit = 0;
    std::string period;  ///< its text
    auto operator<=>(const StatedPlace&) const = default;
  };
  struct Shown {
    model::Decimal value;
    std::string vintage;
    bool operator==(const Shown&) const = default;
  };
  /// What a reported indicator shows, as of a moment, wherever it shows a value.
  std::map<StatedPlace, Shown> ComputeReported(const model::Indicator& indicator,
                                               base::Timestamp as_of) const;

 private:
  struct Known {
    base::Timestamp recorded_at;
    model::Version version;
  };

  /// Calls for each unit of a tree in which a record counts.
  using UnitsOf = std::function<void(model::UnitId own, model::TreeKind,
                                     const std::function<void(model::UnitId)>&)>;
  std::map<Place, Total> Sum(const model::Measure& measure, base::Timestamp as_of,
                             const UnitsOf& units_of) const;
  std::vector<const model::Version*> CurrentVersions(const model::Dataset& dataset,
                                                     base::Timestamp as_of) const;
  std::optional<std::uint32_t> UnitStated(const model::Dataset& dataset, const model::Row& row,
                                          const model::Period& period) const;
  std::optional<std::uint32_t> UnitOf(const model::Dataset& dataset, model::TreeKind kind,
                                      const model::Row& row, base::Timestamp moment) const;
  /// The versions of each record that were known then, in precedence.
  std::vector<std::vector<const model::Version*>> Histories(const model::Dataset& dataset,
                                                            base::Timestamp as_of) const;
  void CompareClock(const model::Dataset& dataset, const model::CaseClock& clock,
                    const std::vector<const model::Version*>& history,
                    std::vector<Finding>& findings) const;
  std::string CalendarOf(const model::Dataset& dataset, const model::CaseClock& clock,
                         const model::Row& row) const;

  std::shared_ptr<const center::Center> center_;
  std::map<std::string, std::vector<Known>> versions_;  ///< by dataset
};

/// Compares every reported value with the plain evaluator, at the view's moment. At most `limit`
/// findings.
std::vector<Finding> CompareReported(const View& view, const PlainEvaluator& plain,
                                     std::size_t limit);

/// Compares every cell of every measure with the plain evaluator, at the view's moment. At most
/// `limit` findings.
std::vector<Finding> CompareCells(const View& view, const PlainEvaluator& plain, std::size_t limit);

}  // namespace fansipan::indicators
