#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/expression.h"

namespace fansipan::store {

/// Declared text to a tree by DuckDB's own parser, in an engine of its own that holds nothing and
/// may do nothing. The text is only ever the bound value of a parameter; it is parsed, never run.
/// Safe from any thread; parses one text at a time.
///
/// `and` and `or` come out with two operands, nested to the left. `a between b and c` comes out as
/// `a >= b and a <= c`; `in` takes constants only. A TIMESTAMP literal must carry `Z` or an offset.
/// Function names are lower-cased; which of them are allowed is the caller's decision.
class DuckDbExpressionParser final : public model::ExpressionParser {
 public:
  static constexpr std::size_t kMaxBytes = 4096;
  static constexpr std::size_t kMaxDepth = 64;

  static base::Result<std::unique_ptr<DuckDbExpressionParser>> Open();
  ~DuckDbExpressionParser() override;

  base::Result<model::Expression> Parse(std::string_view text) const override;
  std::optional<model::StatementFault> FindFault(std::string_view statement) const override;

 private:
  struct Engine;
  explicit DuckDbExpressionParser(std::unique_ptr<Engine> engine);
  base::Result<std::string> SyntaxTree(const std::string& statement) const;

  std::unique_ptr<Engine> engine_;
};

}  // namespace fansipan::store
