#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fansipan::simulation::internal {

/// One number from two, such that near inputs give far results (the finaliser of SplitMix64).
inline std::uint64_t MixSeeds(std::uint64_t left, std::uint64_t right) {
  std::uint64_t mixed = left * 0x9E3779B97F4A7C15U + right + 0x632BE59BD9B4E019U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

/// Repeatable draws: the same seed gives the same sequence with every standard library, which its
/// own distributions do not promise. SplitMix64; never for secrets.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  /// At least 0, less than 1.
  double Unit() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }
  bool Chance(double probability) { return Unit() < probability; }
  double Spread(double low, double high) { return low + (high - low) * Unit(); }

  /// From `low` to `high`, both included.
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(Unit() * static_cast<double>(high - low + 1));
  }

  /// An index, each as likely as its weight; there must be a positive weight.
  std::size_t Pick(std::span<const double> weights) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    double left = sum * Unit();
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
      if (left < weights[i]) return i;
      left -= weights[i];
    }
    return weights.size() - 1;
  }

 private:
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    return MixSeeds(state_, 0);
  }

  std::uint64_t state_;
};

}  // namespace fansipan::simulation::internal
