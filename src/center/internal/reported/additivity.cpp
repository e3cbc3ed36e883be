#include "center/internal/reported/additivity.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace fansipan::center {
namespace {

using model::Expression;
using model::Operator;

constexpr std::string_view kPercent = "percent";
constexpr std::array<std::string_view, 3> kOtherPeriods = {"previous", "same_period_last_year",
                                                           "cumulative"};

bool AddsUp(const model::Measure& measure, Over over) {
  const bool sums =
      measure.aggregate == model::Aggregate::kCount || measure.aggregate == model::Aggregate::kSum;
  return sums && (over == Over::kUnits || measure.kind == model::MeasureKind::kFlow);
}

std::string FindObstacle(const Center& center, const std::string& name, Over over) {
  if (const model::Measure* measure = center.FindMeasure(name)) {
    return AddsUp(*measure, over) ? "" : "measure '" + name + "'";
  }
  const model::Indicator* indicator = center.FindIndicator(name);
  return indicator == nullptr ? "" : FindObstacle(center, *indicator, over);
}

std::string FindObstacle(const Center& center, const Expression& formula, Over over) {
  if (formula.kind == Expression::Kind::kName) return FindObstacle(center, formula.name, over);
  const std::vector<Expression>& parts = formula.operands;
  const bool of_other_period =
      formula.kind == Expression::Kind::kCall &&
      std::find(kOtherPeriods.begin(), kOtherPeriods.end(), formula.name) != kOtherPeriods.end();
  if (of_other_period && over == Over::kUnits) return FindObstacle(center, parts[0], over);
  if (formula.kind != Expression::Kind::kOperation) return "'" + model::ToText(formula) + "'";
  const auto is_number = [](const Expression& part) {
    return part.kind == Expression::Kind::kLiteral;
  };
  const bool scales = formula.operation == Operator::kMultiply && is_number(parts[0]);
  const bool is_scaled =
      (formula.operation == Operator::kMultiply || formula.operation == Operator::kDivide) &&
      is_number(parts.back());
  if (scales || is_scaled) return FindObstacle(center, scales ? parts[1] : parts[0], over);
  const bool adds = formula.operation == Operator::kAdd ||
                    formula.operation == Operator::kSubtract ||
                    formula.operation == Operator::kNegate;
  if (!adds) return "'" + model::ToText(formula) + "'";
  for (const Expression& part : parts) {
    if (std::string obstacle = FindObstacle(center, part, over); !obstacle.empty()) return obstacle;
  }
  return "";
}

}  // namespace

std::string FindObstacle(const Center& center, const model::Indicator& indicator, Over over) {
  const std::string name = "indicator '" + indicator.name + "'";
  if (over == Over::kUnits && indicator.unit_of_measure == kPercent)
    return name + ", a percentage,";
  if (!indicator.reported) return FindObstacle(center, indicator.formula, over);
  if (over == Over::kTime) return name + ", which is reported,";
  return indicator.additive ? "" : name + ", which is not declared 'additive: true',";
}

}  // namespace fansipan::center
