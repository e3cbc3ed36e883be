#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "model/expression.h"

namespace fansipan::center {

/// One thing wrong with a center, printed as "file:line:column: message".
struct Problem {
  std::string file;  ///< path inside the center
  int line = 1;      ///< 1-based
  int column = 1;
  std::string message;  ///< what is wrong, what is allowed
};
std::string ToText(const Problem& problem);

inline constexpr std::size_t kMaxProblems = 200;

/// Either a center, or everything that is wrong with it, in order of file and line.
struct LoadOutcome {
  std::shared_ptr<const Center> center;  ///< null when there are problems
  std::vector<Problem> problems;         ///< at most kMaxProblems
  std::size_t left_out = 0;              ///< problems found beyond those
};

/// Reads a center's folder. Conditions and formulas go through `parser`. Never throws.
LoadOutcome LoadCenter(const std::string& folder, const model::ExpressionParser& parser);
/// The same from the files of an earlier center (path → content), e.g. as archived.
LoadOutcome LoadCenterFiles(std::map<std::string, std::string, std::less<>> files,
                            const model::ExpressionParser& parser);

}  // namespace fansipan::center
