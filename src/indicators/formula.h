#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/decimal.h"
#include "model/expression.h"

namespace fansipan::indicators {

/// A number, or why there is none.
struct FormulaValue {
  std::optional<model::Decimal> value;
  std::string no_value_reason;
};

/// What a formula stands on. `name` gives a measure or indicator; `call` what a function gives.
struct FormulaContext {
  std::function<FormulaValue(const std::string& name)> name;
  std::function<FormulaValue(const model::Expression& call)> call;
};

/// Arithmetic on exact decimals; quotients are rounded half away from zero at kQuotientDecimals.
/// Reasons: division_by_zero, overflow, or that of the first part without a value.
FormulaValue EvaluateFormula(const model::Expression& formula, const FormulaContext& context);

inline constexpr int kQuotientDecimals = 12;

/// mean_of_years, deviation_of_years or years_known of the years' values that are known. The
/// deviation is that of a sample: the root of the squares' sum divided by one less than their
/// number, each taken from the mean as it is rounded. Reasons: too_few_years (a mean needs one, a
/// deviation two), overflow.
FormulaValue CombineYears(std::string_view function, const std::vector<model::Decimal>& known);

}  // namespace fansipan::indicators
