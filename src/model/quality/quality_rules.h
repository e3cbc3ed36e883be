#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/expression.h"
#include "model/text.h"

namespace fansipan::model {

/// What must be true of a record for it to be correct. A row for which it is not is taken and
/// counted all the same: a rule that refuses rows is one of the dataset's `rules`.
struct QualityCheck {
  std::string name;
  LocalizedText title;
  Expression condition;
};

/// The dataset in which each record's value of a column must be found.
struct RegistryMatch {
  std::string registry;
  std::size_t column = 0;  ///< of the dataset that is matched
  std::size_t key = 0;     ///< of the registry, the same type
};

/// Each group of records has one in every step of time, from its first moment to the latest of all.
struct RegularRecords {
  std::size_t column = 0;  ///< a date or timestamp
  base::Duration step{};
  std::vector<std::size_t> groups;  ///< columns whose values make a group; empty: one group
};

/// What a dataset's quality is measured by; see indicators/quality/quality_scores.h.
struct QualityRules {
  std::vector<QualityCheck> checks;
  std::optional<RegistryMatch> match;
  std::vector<std::size_t> expected;  ///< optional columns that ought to hold a value
  std::optional<RegularRecords> regular;
  std::vector<std::size_t> unique;  ///< records that agree in all of them are duplicates
};

}  // namespace fansipan::model
