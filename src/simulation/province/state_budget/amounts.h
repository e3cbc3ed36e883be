#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fansipan::simulation::budget {

/// Tenths of a million dong: amounts that add up exactly.
using Tenths = std::int64_t;

/// As a Vietnamese table writes million dong: 12345678 tenths are `1.234.567,8`.
std::string VietnameseText(Tenths amount);
/// A number for a workbook's cell.
double MillionDong(Tenths amount);
/// `total` by weight, such that the parts are exactly the total; what is left over by rounding is
/// in the heaviest one. No weight is negative and one at least is positive.
std::vector<Tenths> Divide(Tenths total, std::span<const double> weights);
/// The share of the amount, rounded to the nearest tenth.
Tenths ShareOf(Tenths amount, double share);

}  // namespace fansipan::simulation::budget
