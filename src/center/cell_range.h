#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::center {

/// Rows and columns of a sheet, counted from 1, both ends included.
struct CellRange {
  static constexpr std::uint32_t kLastRow = 1U << 20U;
  static constexpr std::uint32_t kLastColumn = 1U << 14U;

  std::uint32_t first_row = 1;
  std::uint32_t last_row = kLastRow;
  std::uint32_t first_column = 1;
  std::uint32_t last_column = kLastColumn;
  bool operator==(const CellRange&) const = default;
};

/// Reads B5:K80; an end that is left out (B5:), its row (B5:K) or its column (B5:80) is the
/// sheet's. The beginning may be a column alone (B:K). Empty: the whole sheet. Error
/// kInvalidArgument, whose message goes on after "is '…'".
base::Result<CellRange> ParseCellRange(std::string_view text);

/// The letters of a column counted from 1: A, B, …, Z, AA, ….
std::string ColumnLetters(std::uint32_t column);

}  // namespace fansipan::center
