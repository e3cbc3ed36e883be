#include "sources/contract/usual_volume.h"

#include <algorithm>
#include <vector>

namespace fansipan::sources {
namespace {

/// The upper one of two in the middle.
std::uint64_t MedianOf(std::vector<std::uint64_t> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

}  // namespace

std::optional<UsualRows> LearnUsualRows(const std::deque<std::uint64_t>& rows) {
  if (rows.size() < kLeastLearntFrom) return std::nullopt;
  const std::uint64_t median = MedianOf({rows.begin(), rows.end()});
  std::vector<std::uint64_t> distances;
  distances.reserve(rows.size());
  for (const std::uint64_t count : rows) {
    distances.push_back(count > median ? count - median : median - count);
  }
  const std::uint64_t band = std::max(median / 4, MedianOf(std::move(distances)) * 445 / 100);
  return UsualRows{median > band ? median - band : 0, median + band};
}

std::optional<model::UnusualVolume> JudgeVolume(const std::optional<center::VolumeBand>& band,
                                                const std::deque<std::uint64_t>& before,
                                                std::uint64_t rows) {
  if (!band) return std::nullopt;
  const std::optional<UsualRows> usual =
      band->learnt ? LearnUsualRows(before) : std::optional(UsualRows{band->least, band->most});
  if (!usual || (rows >= usual->least && rows <= usual->most)) return std::nullopt;
  return model::UnusualVolume{rows, usual->least, usual->most, band->learnt};
}

}  // namespace fansipan::sources
