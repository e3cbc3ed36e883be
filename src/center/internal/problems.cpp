#include "center/internal/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "center/nearest.h"

namespace fansipan::center {
namespace {

// Kept while reading; beyond it a file is hopeless and only the count goes on.
constexpr std::size_t kMaxKept = 10'000;
constexpr std::size_t kMaxListed = 20;

auto OrderOf(const Problem& problem) {
  return std::tie(problem.file, problem.line, problem.column, problem.message);
}

}  // namespace

void Problems::Report(std::string_view file, Position at, std::string message) {
  ++count_;
  if (found_.size() < kMaxKept) {
    found_.push_back({std::string(file), at.line, at.column, std::move(message)});
  }
}

std::vector<Problem> Problems::Take(std::size_t& left_out) {
  std::ranges::sort(found_, {}, OrderOf);
  const auto repeated = std::unique(
      found_.begin(), found_.end(),
      [](const Problem& left, const Problem& right) { return OrderOf(left) == OrderOf(right); });
  count_ -= static_cast<std::size_t>(found_.end() - repeated);
  found_.erase(repeated, found_.end());
  if (found_.size() > kMaxProblems) found_.resize(kMaxProblems);
  left_out = count_ - found_.size();
  count_ = 0;
  return std::exchange(found_, {});
}

std::string AllowedText(std::string_view word, const std::vector<std::string>& allowed) {
  std::string text;
  const std::vector<std::string> nearest = NearestNames(word, allowed, 1);
  if (!nearest.empty()) text = "did you mean '" + nearest.front() + "'? ";
  if (allowed.empty()) return text + "none is declared";
  text += "allowed: ";
  for (std::size_t index = 0; index < allowed.size(); ++index) {
    if (index == kMaxListed) {
      return text + ", … (" + std::to_string(allowed.size()) + " in all)";
    }
    if (index != 0) text += ", ";
    text += allowed[index];
  }
  return text;
}

}  // namespace fansipan::center
