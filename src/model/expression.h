#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/value.h"

namespace fansipan::model {

enum class Operator {
  kAnd,
  kOr,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIsNull,
  kIsNotNull,
  kIn,
  kNotIn,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kNegate
};

/// A scalar expression: a row condition over a dataset's columns, or a formula over measures and
/// indicators. A plain tree, built once when a center is loaded, never from a request. Immutable
/// after that.
struct Expression {
  enum class Kind { kLiteral, kName, kOperation, kCall };

  Kind kind = Kind::kLiteral;
  Value literal;     ///< kLiteral
  std::string name;  ///< kName: column, measure or indicator; kCall: lower-case function
  Operator operation = Operator::kAnd;  ///< kOperation
  std::vector<Expression> operands;     ///< kOperation and kCall
  std::size_t offset = 0;               ///< byte offset in the declared text, for messages
};

/// What is wrong with a declared statement, and at which byte of its text.
struct StatementFault {
  std::size_t offset = 0;
  std::string message;
};

/// Turns declared text into a tree. The embedded engine's own parser stands behind it. Errors have
/// code kInvalidArgument and say what is wrong at which character.
class ExpressionParser {
 public:
  virtual ~ExpressionParser() = default;
  virtual base::Result<Expression> Parse(std::string_view text) const = 0;
  /// Why a text is not one SELECT statement; nothing when it is. Which tables and functions it may
  /// use is not looked at. A parser that reads expressions alone finds nothing.
  virtual std::optional<StatementFault> FindFault(std::string_view /*statement*/) const {
    return std::nullopt;
  }
};

/// Names used in a tree, each once, in order of appearance.
std::vector<std::string> NamesIn(const Expression& expression);

/// Text of a tree, for people ("100 * finished_on_time / finished").
std::string ToText(const Expression& expression);

}  // namespace fansipan::model
