#include "cli/internal/problems.h"

#include <utility>

namespace fansipan::cli {

base::Error ProblemsIn(const std::string& path, const char* reason,
                       const std::vector<center::Problem>& problems) {
  std::string message = path + " has " + std::to_string(problems.size()) + " problems";
  for (const center::Problem& problem : problems) message += "\n" + center::ToText(problem);
  return {base::ErrorCode::kInvalidArgument, reason, std::move(message)};
}

}  // namespace fansipan::cli
