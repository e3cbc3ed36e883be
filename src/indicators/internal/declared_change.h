#pragma once

#include <memory>
#include <string>
#include <vector>

#include "center/center.h"
#include "indicators/changes/figure_change.h"
#include "indicators/delta.h"

namespace fansipan::indicators::internal {

/// Takes the rules of one center over to those of the next in stages, so that what each of them
/// does to a figure can be seen by itself. One thread; both centers must outlive it.
class DeclaredChange {
 public:
  enum class Kind {
    kCells,    ///< units, records, measures and periods of the next center, rules of the earlier
    kFormula,  ///< formulas of the next too
    kTargets   ///< targets of the next too; what is left are thresholds
  };
  struct Stage {
    Kind kind = Kind::kCells;
    std::vector<Cause> causes;
    std::vector<Aspect> aspects;
  };

  DeclaredChange(const center::Center& before, const center::Center& after);

  /// In their order, with what each is to be called for this indicator.
  std::vector<Stage> StagesOf(const std::string& indicator) const;
  /// The next center with its rules as they are at the end of a stage. Good until the next call.
  const center::Center& Turn(Kind kind);

 private:
  const center::Center& before_;
  const center::Center& after_;
  center::Center mixed_;
};

/// The center without targets decided after `from`, up to `to`; null when there are none.
std::unique_ptr<const center::Center> WithoutTargetsDecided(const center::Center& center,
                                                            model::Date from, model::Date to);

}  // namespace fansipan::indicators::internal
