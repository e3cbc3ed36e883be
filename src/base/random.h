#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace fansipan::base {

/// Where unpredictable or repeatable bytes come from.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::string Bytes(std::size_t count) = 0;
};

/// The operating system's generator, fit for secrets. Safe from any thread.
class SystemRandom final : public RandomSource {
 public:
  std::string Bytes(std::size_t count) override;
};

/// The same bytes for the same seed. Never for secrets.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  std::string Bytes(std::size_t count) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace fansipan::base
