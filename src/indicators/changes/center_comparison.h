#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "indicators/changes/figure_change.h"
#include "indicators/engine.h"
#include "model/decimal.h"

namespace fansipan::indicators {

/// A figure that two centers tell differently.
struct FigureDifference {
  FigureName name;
  FigureState before;
  FigureState after;
  std::optional<model::Decimal> difference;  ///< nothing where a side has no value
};

/// How the figures of one center differ from those of another over the same days.
struct CenterComparison {
  std::uint64_t compared = 0;
  std::uint64_t changed = 0;   ///< value, judgement or target differs
  std::uint64_t appeared = 0;  ///< of them: only the later center has a value
  std::uint64_t gone = 0;      ///< only the earlier one has
  /// Judgements before and after, with how often each pair.
  std::map<std::pair<model::Judgement, model::Judgement>, std::uint64_t> judgements;
  /// Those judged otherwise first, then by the part of the value that changed.
  std::vector<FigureDifference> largest;
};

struct CenterComparisonJob {
  const Engine* before = nullptr;
  const Engine* after = nullptr;  ///< read as it is; nobody writes it meanwhile
  base::Timestamp at;             ///< the moment at which `before` is read
  int days = 30;                  ///< up to it
  std::size_t limit = 100;        ///< of `largest`
  base::Patience patience;
};
inline constexpr std::uint64_t kMaxComparedFigures = 3'000'000;

/// Compares every indicator in every unit that exists at the job's moment, of a tree in which its
/// records have no places in the root alone: each day and month of
/// the days, and the period of each kind that a panel shows the indicator in. kTooLarge
/// too_many_figures; errors of reading the past and of the patience.
base::Result<CenterComparison> CompareCenters(const CenterComparisonJob& job);

}  // namespace fansipan::indicators
