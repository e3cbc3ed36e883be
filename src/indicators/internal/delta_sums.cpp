#include "indicators/internal/delta_sums.h"

#include <algorithm>
#include <utility>

namespace fansipan::indicators::internal {
namespace {

constexpr std::size_t kFirstPlaces = 1024;
constexpr std::size_t kPlacesPerSumKept = 16;

bool IsSame(const Delta& left, const Delta& right) {
  return left.cell == right.cell && left.measure == right.measure && left.cause == right.cause &&
         left.value == right.value;
}

std::uint32_t HashOf(const Delta& delta) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  const std::uint64_t rest = (static_cast<std::uint64_t>(delta.measure) << 40U) ^
                             (static_cast<std::uint64_t>(delta.cause) << 32U) ^ delta.value;
  const std::uint64_t mixed = (CellKeyHash{}(delta.cell) ^ (rest * kOdd)) * kOdd;
  return static_cast<std::uint32_t>(mixed >> 32U);
}

}  // namespace

void DeltaSums::Add(const Delta& delta) {
  if ((sums_.size() + 1) * 2 > places_.size()) Grow();
  const std::uint32_t hash = HashOf(delta);
  const std::size_t mask = places_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Place& place = places_[at];
    if (place.sum == kNone) {
      place = {hash, static_cast<std::uint32_t>(sums_.size())};
      sums_.push_back(delta);
      return;
    }
    if (place.hash != hash || !IsSame(sums_[place.sum], delta)) continue;
    sums_[place.sum].count += delta.count;
    sums_[place.sum].sum += delta.sum;
    return;
  }
}

std::vector<Delta> DeltaSums::Take() {
  std::vector<Delta> taken;
  taken.swap(sums_);
  Empty(taken.size());
  std::erase_if(taken, [](const Delta& delta) { return delta.count == 0 && delta.sum == 0; });
  return taken;
}

void DeltaSums::Clear() {
  if (sums_.empty()) return;
  Empty(sums_.size());
  sums_ = {};
}

/// Room for a large group is not kept for the small ones after it.
void DeltaSums::Empty(std::size_t sums) {
  if (places_.size() > std::max(kFirstPlaces, sums * kPlacesPerSumKept)) places_ = {};
  std::fill(places_.begin(), places_.end(), Place{});
}

void DeltaSums::Grow() {
  const std::size_t size = places_.empty() ? kFirstPlaces : places_.size() * 2;
  const auto old = std::exchange(places_, std::vector<Place>(size));
  for (const Place& place : old) {
    if (place.sum == kNone) continue;
    std::size_t at = place.hash & (size - 1);
    while (places_[at].sum != kNone) at = (at + 1) & (size - 1);
    places_[at] = place;
  }
}

}  // namespace fansipan::indicators::internal
