#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "indicators/changes/figure_change.h"
#include "model/decimal.h"

namespace fansipan::indicators {

enum class AlarmKind {
  kJudgement,   ///< the figure crossed a threshold
  kCorrection,  ///< corrections moved it beyond the declared tolerance
  kRank         ///< the unit moved among its sisters by the declared number of places
};
std::string_view NameOf(AlarmKind kind);  ///< judgement, correction, rank

/// Something in the difference between two moments that somebody should look at.
struct Alarm {
  AlarmKind kind = AlarmKind::kJudgement;
  FigureName name;
  FigureState before;
  FigureState after;
  std::optional<model::Decimal> corrected;  ///< kCorrection: by how much
  std::optional<model::Decimal> tolerance;  ///< kCorrection: what is declared
  int rank_before = 0;                      ///< kRank: 1 is best; equal values share a rank
  int rank_after = 0;
  int ranked = 0;  ///< kRank: units with a value at both moments
};

struct AlarmList {
  std::vector<Alarm> alarms;  ///< judgements (those that became bad first), corrections, ranks
  bool truncated = false;     ///< there are more than kMaxAlarms
};
inline constexpr std::size_t kMaxAlarms = 500;

/// Looks at every indicator on a panel, at the root and the units right below it, in the period of
/// its kind that holds `to`; each moment by the rules of then. Errors of reading the past and of
/// the patience.
base::Result<AlarmList> ReadAlarms(const std::vector<Era>& eras, base::Timestamp from,
                                   base::Timestamp to, const base::Patience& patience = {});

}  // namespace fansipan::indicators
