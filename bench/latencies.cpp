#include "bench/latencies.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fansipan::bench {

void Latencies::Add(const Latencies& other) {
  times_.insert(times_.end(), other.times_.begin(), other.times_.end());
}

double Latencies::At(double share) const {
  if (times_.empty()) return 0;
  std::vector<double> sorted = times_;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  const std::size_t index = std::clamp<std::size_t>(rank, 1, sorted.size()) - 1;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(index),
                   sorted.end());
  return sorted[index];
}

std::string Latencies::Text() const {
  return fmt::format("p50 {:.2f}, p99 {:.2f}, max {:.2f} ms (n = {})", p50(), p99(), max(), size());
}

}  // namespace fansipan::bench
