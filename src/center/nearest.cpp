#include "center/nearest.h"

#include <algorithm>
#include <utility>

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxLength = 100;

// The Levenshtein distance.
std::size_t DistanceOf(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t column = 0; column < row.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= left.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column < row.size(); ++column) {
      const std::size_t exchanged = diagonal + (left[line - 1] == right[column - 1] ? 0 : 1);
      diagonal = row[column];
      row[column] = std::min({exchanged, row[column] + 1, row[column - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> NearestNames(std::string_view word, const std::vector<std::string>& names,
                                      std::size_t count) {
  if (word.empty() || word.size() > kMaxLength) return {};
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : names) {
    if (name.size() > word.size() + limit || name.size() + limit < word.size()) continue;
    const std::size_t distance = DistanceOf(word, name);
    // A short word that shares nothing with a name is no slip for it.
    if (distance <= limit && distance < word.size()) near.emplace_back(distance, name);
  }
  std::ranges::stable_sort(near, {}, [](const auto& entry) { return entry.first; });
  std::vector<std::string> nearest;
  for (auto& [distance, name] : near) {
    if (nearest.size() == count) break;
    nearest.push_back(std::move(name));
  }
  return nearest;
}

}  // namespace fansipan::center
