#include "center/nearest.h"

#include <algorithm>
#include <utility>

#include "model/spelling/edit_distance.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxLength = 100;

}  // namespace

std::vector<std::string> NearestNames(std::string_view word, const std::vector<std::string>& names,
                                      std::size_t count) {
  if (word.empty() || word.size() > kMaxLength) return {};
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : names) {
    if (name.size() > word.size() + limit || name.size() + limit < word.size()) continue;
    const std::size_t distance = model::EditDistance(word, name);
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
