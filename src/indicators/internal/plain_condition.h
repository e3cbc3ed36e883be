#pragma once

#include <optional>

#include "model/dataset.h"
#include "model/expression.h"

namespace fansipan::indicators::internal {

/// A row condition, evaluated by walking its tree with SQL's three-valued logic; nothing means
/// unknown. Slow and plain: for verification only, and on purpose apart from model::RowCondition.
std::optional<bool> IsTrue(const model::Expression& condition, const model::Dataset& dataset,
                           const model::Row& row);

}  // namespace fansipan::indicators::internal
