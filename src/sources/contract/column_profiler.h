#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/contracts/contract.h"
#include "sources/decoding.h"

namespace fansipan::sources {

/// Columns beyond these are not looked at.
inline constexpr std::size_t kMaxProfiledColumns = 200;
/// Longer names of columns are cut to kMaxProfiledName - kNameHash bytes, a "~" and the first
/// digits of their hash: two that begin alike stay two.
inline constexpr std::size_t kMaxProfiledName = 109;
inline constexpr std::size_t kNameHash = 9;
/// No number's logarithm is beyond it, in thousandths.
inline constexpr std::int32_t kMaxMagnitude = 400'000;
/// Rows up to here are looked at one by one; behind them every kProfileStride-th.
inline constexpr std::uint32_t kProfiledRows = 4096;
inline constexpr std::uint32_t kProfileStride = 64;

/// How a cell is written, by its form alone.
enum class CellForm { kText, kNumber, kDayFirstDate, kYearFirstDate };
/// Digits with a sign, points, commas or blanks between them are a number; `31/12/2025`, `31-12-25`
/// and `31.12.2025` are dates with the day first; `2025-12-31` and `20251231T…` with the year
/// first, a time of day may follow either.
CellForm FormOf(std::string_view cell);
/// The absolute value that a number's text writes: the mark that comes last is the decimal one,
/// unless three digits follow it or it comes twice. Enough for how large a number is.
double MagnitudeOf(std::string_view number);

/// Hands rows on and counts on their way how the cells of each column are written. Pure but for
/// that; one thread, one payload.
class ColumnProfiler final : public RawRowConsumer {
 public:
  explicit ColumnProfiler(RawRowConsumer& next) : next_(next) {}

  base::Status Begin(const std::vector<std::string>& columns) override;
  base::Status Take(const RawBatch& batch) override;
  /// Of the rows so far.
  std::vector<model::ColumnProfile> Profile() const;

 private:
  struct Column {
    model::ColumnProfile counts;
    std::uint64_t length = 0;       ///< bytes of all cells that are not empty
    std::vector<double> numbers{};  ///< absolute values, at most kMedianOf
  };
  static void Look(const RawCell& cell, Column& column);

  RawRowConsumer& next_;
  std::vector<Column> columns_;
};

}  // namespace fansipan::sources
