#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "center/internal/problems.h"
#include "center/internal/yaml_reader.h"
#include "model/dataset.h"
#include "model/expression.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxExpressionDepth = 64;
inline constexpr std::size_t kMaxExpressionBytes = 4000;

/// A scalar that is to be read as an expression. All references outlive the reading.
struct ExpressionText {
  const model::ExpressionParser& parser;
  const FileScope& scope;
  const YamlNode& node;
  std::string what;  ///< for messages: "measure 'finished': 'count'"
};

/// A condition over a dataset's columns: names, types and operators are checked, the result is true
/// or false, and texts and days that are compared with dates and timestamps have become such (of
/// `zone`). Reports every problem at its place; nothing when there was one.
std::optional<model::Expression> ReadCondition(const ExpressionText& text,
                                               const model::Dataset& dataset,
                                               const base::TimeZone& zone);

/// What a name of a formula stands for.
enum class FormulaName { kUnknown, kMeasure, kIndicator };

struct FormulaNames {
  std::function<FormulaName(std::string_view)> find;
  std::vector<std::string> all;  ///< for messages
};

/// Arithmetic over measures and indicators, with previous, same_period_last_year, cumulative,
/// target.
std::optional<model::Expression> ReadFormula(const ExpressionText& text, const FormulaNames& names);

/// Names whose values a formula needs: all but what stands in target().
std::vector<std::string> ValuesIn(const model::Expression& formula);

}  // namespace fansipan::center
