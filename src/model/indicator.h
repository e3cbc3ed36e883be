#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/decimal.h"
#include "model/expression.h"
#include "model/period.h"
#include "model/reported.h"
#include "model/text.h"
#include "model/value.h"

namespace fansipan::model {

enum class Better { kHigher, kLower, kNeither };
std::string_view NameOf(Better better);  ///< higher, lower, neither

/// Good at or beyond `good`, watch at or beyond `watch`, bad otherwise, in the direction of
/// `Better`.
struct Thresholds {
  Decimal good;
  Decimal watch;
  LocalizedText basis;  ///< the decision that sets them
};

/// Of several for the same unit and period the one that was decided last holds.
struct Target {
  Decimal value;
  std::string unit;    ///< code of a territory or organisation unit, empty: every node
  std::string period;  ///< text of a period, empty: every period
  LocalizedText basis;
  std::optional<Date> decided_on;  ///< since when it holds; nothing: always
};

/// The indicator's value accumulates over a period towards its target.
struct PaceRule {
  std::string calendar;  ///< name of the working calendar whose days count
};

/// When a change of the figure is an alarm, besides a judgement that changes.
struct AlarmRules {
  /// What corrections, withdrawals and newer mappings may move the value by, in its unit of
  /// measure.
  std::optional<Decimal> correction;
  /// By how many places a unit moves among its sisters; 0: however many.
  int rank = 0;
};

/// What makes one figure of those of several units, when units were merged or divided.
enum class MergerKind {
  kRecompute,     ///< the formula over what was recorded in all of them
  kSum,           ///< the same, declared of what adds up
  kMean,          ///< the plain mean of their figures
  kWeighted,      ///< the mean of their figures, each with its weight
  kNotComparable  ///< nothing does: there is no figure
};
std::string_view NameOf(MergerKind kind);  ///< recompute, sum, mean, weighted, not_comparable

/// How an indicator is asked on the territory of another day.
struct MergerRule {
  MergerKind kind = MergerKind::kRecompute;
  std::string weight;  ///< of kWeighted: name of an indicator or of an attribute of units
  bool weight_is_attribute = false;
  std::string share;  ///< attribute that divides what no share is stated of; empty: nothing does
};

/// A figure's rule: formula or where it is reported, unit, judgement, freshness.
struct Indicator {
  std::string name;
  LocalizedText title;
  LocalizedText description;
  std::string system;
  Expression formula;  ///< over measures and other indicators; none when it is reported
  std::optional<ReportedRule> reported;  ///< its values are stated, not computed
  bool additive = false;        ///< of a reported one: the parts' values add up to the whole's
  std::string unit_of_measure;  ///< percent, case, hour, …
  int decimals = 0;             ///< shown; the value itself is not rounded
  Better better = Better::kNeither;
  std::optional<Thresholds> thresholds;
  std::vector<Target> targets;  ///< sorted by SortTargets
  std::optional<PaceRule> pace;
  AlarmRules alarms;
  std::map<std::string, Decimal> judged_from;  ///< measure → smallest value that is judged
  std::optional<base::Duration> freshness;     ///< of the sources' working time
  MergerRule across_merger;
};

/// By unit, period and day of the decision, for FindTarget.
void SortTargets(std::vector<Target>& targets);
/// The sorted target that says most about a unit's code and a period's text: both named before the
/// unit, this before the period, that before none. Of those alike the one that was decided last,
/// and not after `day`. Null: there is none. A few binary searches.
const Target* FindTarget(const std::vector<Target>& targets, std::string_view unit,
                         std::string_view period, Date day);

}  // namespace fansipan::model
