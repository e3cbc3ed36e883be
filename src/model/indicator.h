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
#include "model/text.h"

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

struct Target {
  Decimal value;
  std::string unit;    ///< code of a territory or organisation unit, empty: every node
  std::string period;  ///< text of a period, empty: every period
  LocalizedText basis;
};

/// A figure's rule: formula, unit, judgement, freshness.
struct Indicator {
  std::string name;
  LocalizedText title;
  LocalizedText description;
  std::string system;
  Expression formula;           ///< over measures and other indicators
  std::string unit_of_measure;  ///< percent, case, hour, …
  int decimals = 0;             ///< shown; the value itself is not rounded
  Better better = Better::kNeither;
  std::optional<Thresholds> thresholds;
  std::vector<Target> targets;
  std::map<std::string, Decimal> judged_from;  ///< measure → smallest value that is judged
  std::optional<base::Duration> freshness;     ///< of the sources' working time
};

}  // namespace fansipan::model
