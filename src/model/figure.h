#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/cross_check.h"
#include "model/decimal.h"
#include "model/indicator.h"
#include "model/pace.h"
#include "model/period.h"
#include "model/record.h"
#include "model/reported.h"
#include "model/unit.h"

namespace fansipan::model {

/// The published state an answer comes from. All figures of one answer share one.
struct Snapshot {
  Sequence sequence;     ///< everything up to here is in it
  base::Timestamp tick;  ///< deadlines up to this moment have passed
  std::string center_revision;
};

enum class Judgement { kGood, kWatch, kBad, kNotJudged };
std::string_view NameOf(Judgement judgement);  ///< good, watch, bad, not_judged

enum class TrustMark {
  kLate,
  kSilent,
  kFailing,
  kPaused,
  kIncomplete,
  kControlTotalMissing,
  kDrifting,
  kUnusualVolume,
  kEstimate,
  kPreliminary,
  kRestated,
  kContradicted,
  kOldCodes,
  kSimulated
};
std::string_view NameOf(TrustMark mark);  ///< late, silent, …

/// One name of a formula with its value at the figure's node and period.
struct FormulaPart {
  std::string name;  ///< measure or indicator
  bool is_measure = false;
  std::optional<Decimal> value;  ///< nothing: no value (not zero)
  std::uint64_t records = 0;     ///< records that count in a measure
};

/// What a figure is asked for.
struct FigureKey {
  std::string indicator;
  TreeKind tree = TreeKind::kTerritory;
  UnitId unit;
  Period period;
  /// The day on whose territory it is asked; nothing: as reported, each record where it was
  /// counted.
  std::optional<Date> territory = std::nullopt;
  bool operator==(const FigureKey&) const = default;
};

/// A unit of the period that a figure on another day's territory was made of.
struct RestatedUnit {
  UnitId unit;
  std::optional<Decimal> share;   ///< of it that lies in the figure's unit; nothing: unknown
  std::optional<Decimal> value;   ///< its own figure, where the rule combines figures
  std::optional<Decimal> weight;  ///< and its weight
};

/// Why a figure on another day's territory cannot be told.
struct RestatementGap {
  UnitId unit;         ///< what is missing is missing of it
  std::string reason;  ///< unknown_share, no_attribute, no_weight, no_value, not_divisible
  std::string name;    ///< of the attribute or indicator that is missing; may be empty
  auto operator<=>(const RestatementGap&) const = default;
};

/// What a figure on the territory of a day was made of, by which rule.
struct Restatement {
  Date territory{};
  MergerRule rule;
  std::vector<RestatedUnit> units;   ///< by id; the figure's own unit alone when nothing changed
  std::vector<RestatementGap> gaps;  ///< when there are any, the figure has no value
};

/// A figure that answers for itself. Nothing returns a bare number.
struct Figure {
  FigureKey key;
  std::optional<Decimal> value;
  /// division_by_zero, no_records, period_ahead, too_many_values, overflow, no_target,
  /// not_comparable, changed_within_period, incomplete, not_reported, not_kept_apart (a reported
  /// value by a dimension)
  std::string no_value_reason;
  Judgement judgement = Judgement::kNotJudged;
  std::string not_judged_reason;  ///< no_threshold, too_few_cases, no_value
  std::set<TrustMark> trust;
  std::optional<Decimal> target;
  std::optional<Pace> pace;  ///< where the indicator declares one, and there is value and target
  std::string formula;       ///< as declared; empty when the value is reported
  std::optional<StatedValue> stated;    ///< of an indicator that is reported
  std::vector<Comparison> comparisons;  ///< that the figure takes part in, by check
  std::vector<FormulaPart> parts;
  std::optional<base::Timestamp> data_as_of;   ///< the latest moment the sources' rows speak of
  std::optional<base::Timestamp> received_at;  ///< of the youngest delivery in it
  std::vector<std::string> sources;
  std::uint64_t deliveries = 0;  ///< that fed its datasets
  std::uint64_t records = 0;     ///< that count in its parts
  /// Of the records of one of its measures, the most whose due moments contradict each other.
  std::uint64_t contradicted_records = 0;
  std::optional<base::Duration> freshness_promise;
  std::optional<base::Duration> age;       ///< working time since the sources last proved they live
  std::optional<Restatement> restatement;  ///< when a territory was asked for
  Snapshot snapshot;
};

}  // namespace fansipan::model
