#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/decimal.h"
#include "model/expression.h"

namespace fansipan::indicators {

/// A number, or why there is none.
struct FormulaValue {
  std::optional<model::Decimal> value;
  std::string no_value_reason;
};

/// What a formula stands on. `name` gives a measure or indicator; `call` a function of a name.
struct FormulaContext {
  std::function<FormulaValue(const std::string& name)> name;
  std::function<FormulaValue(const std::string& function, const std::string& argument)> call;
};

/// Arithmetic on exact decimals; quotients are rounded half away from zero at kQuotientDecimals.
/// Reasons: division_by_zero, overflow, or that of the first part without a value.
FormulaValue EvaluateFormula(const model::Expression& formula, const FormulaContext& context);

inline constexpr int kQuotientDecimals = 12;

}  // namespace fansipan::indicators
