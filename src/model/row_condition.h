#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "model/dataset.h"
#include "model/expression.h"
#include "model/value.h"

namespace fansipan::model {

/// A condition over the rows of a dataset, evaluated with the three-valued logic of SQL: a missing
/// value makes a comparison unknown, and `unknown and false` is false. Numbers compare across
/// integers and decimals, texts by their bytes; values of different kinds compare as unknown.
/// Arithmetic is exact; what does not fit, and a division by zero, is missing; a quotient is
/// rounded to 12 decimals. Immutable after Compile; safe from any thread.
class RowCondition {
 public:
  /// Finds the columns. Errors (kInvalidArgument): unknown_column, unknown_function, wrong_arity.
  static base::Result<RowCondition> Compile(const Expression& expression, const Dataset& dataset);

  /// Nothing when it is unknown. `row` must have the dataset's columns.
  std::optional<bool> Evaluate(const Row& row) const;
  /// The columns that decide the outcome, ascending.
  std::vector<std::size_t> Columns() const;

 private:
  struct Node;
  explicit RowCondition(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

  static base::Result<Node> Resolve(const Expression& expression, const Dataset& dataset);
  static void CollectColumns(const Node& node, std::vector<std::size_t>& columns);
  static const Value& ValueOf(const Node& node, const Row& row, Value& scratch);
  static std::optional<bool> TruthOf(const Node& node, const Row& row);
  static std::optional<bool> Operate(const Node& node, const Row& row);
  static std::optional<bool> FindIn(const Node& node, const Row& row);
  static std::optional<bool> CompareOperands(const Node& node, const Row& row);
  static Value Compute(const Node& node, const Row& row);
  static Value Call(const Node& node, const Row& row);

  std::shared_ptr<const Node> root_;
};

}  // namespace fansipan::model
