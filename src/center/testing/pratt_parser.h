#pragma once

#include <string_view>

#include "base/result.h"
#include "model/expression.h"

namespace fansipan::center::testing {

/// A test double for the embedded engine's parser: the operators and literals that a center may
/// use, by operator precedence, and any function name. Not for product code.
class PrattParser final : public model::ExpressionParser {
 public:
  base::Result<model::Expression> Parse(std::string_view text) const override;
};

}  // namespace fansipan::center::testing
