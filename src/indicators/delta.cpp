#include "indicators/delta.h"

namespace fansipan::indicators {
namespace {

std::size_t Mix(std::size_t seed, std::uint64_t number) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;
  return seed ^ (static_cast<std::size_t>(number * kGolden) + (seed << 6U) + (seed >> 2U));
}

}  // namespace

std::string_view NameOf(Cause cause) {
  switch (cause) {
    case Cause::kNew:
      return "new";
    case Cause::kLate:
      return "late";
    case Cause::kCorrected:
      return "corrected";
    case Cause::kWithdrawn:
      return "withdrawn";
    case Cause::kRedefined:
      return "redefined";
    case Cause::kRestated:
      return "restated";
    case Cause::kClock:
      return "clock";
    case Cause::kTargeted:
      return "targeted";
  }
  return "new";
}

std::size_t CellKeyHash::operator()(const CellKey& key) const {
  std::size_t hash = Mix(key.measure_set, key.territory.value);
  hash = Mix(hash, key.organisation.value);
  hash = Mix(hash, static_cast<std::uint32_t>(key.leaf));
  return Mix(hash, key.dimensions);
}

}  // namespace fansipan::indicators
