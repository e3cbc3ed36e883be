#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "center/source_contract.h"
#include "model/contracts/contract.h"

namespace fansipan::sources {

/// So many deliveries are learnt from, and no fewer.
inline constexpr std::size_t kLearntFrom = 20;
inline constexpr std::size_t kLeastLearntFrom = 8;

struct UsualRows {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

/// The usual number of rows, learnt from those of the last deliveries: their median, give or take
/// the larger of a quarter of it and 4.45 times the median distance from it (three standard
/// deviations, if the numbers were normally distributed). Nothing from fewer than kLeastLearntFrom.
std::optional<UsualRows> LearnUsualRows(const std::deque<std::uint64_t>& rows);

/// Set when a delivery with so many rows lies outside of what is declared or learnt.
std::optional<model::UnusualVolume> JudgeVolume(const std::optional<center::VolumeBand>& band,
                                                const std::deque<std::uint64_t>& before,
                                                std::uint64_t rows);

}  // namespace fansipan::sources
