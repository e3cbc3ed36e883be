#include "simulation/province/state_budget/amounts.h"

#include <algorithm>
#include <cmath>

namespace fansipan::simulation::budget {

std::string VietnameseText(Tenths amount) {
  const std::string digits = std::to_string(std::abs(amount) / 10);
  std::string text = amount < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += '.';
    text += digits[i];
  }
  return text + ',' + std::to_string(std::abs(amount) % 10);
}

double MillionDong(Tenths amount) { return static_cast<double>(amount) / 10; }

std::vector<Tenths> Divide(Tenths total, std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  std::vector<Tenths> parts;
  Tenths left = total;
  for (const double weight : weights) {
    parts.push_back(static_cast<Tenths>(std::floor(static_cast<double>(total) * weight / sum)));
    left -= parts.back();
  }
  const auto heaviest = std::max_element(weights.begin(), weights.end()) - weights.begin();
  parts[static_cast<std::size_t>(heaviest)] += left;
  return parts;
}

Tenths ShareOf(Tenths amount, double share) {
  return static_cast<Tenths>(std::llround(static_cast<double>(amount) * share));
}

}  // namespace fansipan::simulation::budget
