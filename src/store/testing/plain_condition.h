#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "model/dataset.h"
#include "model/expression.h"
#include "model/value.h"

namespace fansipan::store {

/// kInvalidArgument when the condition names a column or function that there is not, mixes types,
/// or is not true or false.
base::Status CheckPlainCondition(const model::Expression& condition,
                                 const std::vector<model::Column>& columns);

/// A checked condition for one row, piece by piece, with SQL's three-valued logic; nothing is
/// unknown. Slow and plain, to compare engines with.
std::optional<bool> EvaluatePlain(const model::Expression& condition,
                                  const std::vector<model::Column>& columns, const model::Row& row);

}  // namespace fansipan::store
