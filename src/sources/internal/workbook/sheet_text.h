#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "center/cell_range.h"

namespace fansipan::sources::internal {

// A sheet of a workbook as text, which is what a worker reads in the workbook's place: a line with
// the ranges of merged cells to fill (C3:C4 D1:F1), then CSV after RFC 4180 of all its rows from
// the first on, after a row that has as many cells as the sheet has columns.

/// Without blanks at its ends, any others as one: headers are broken into lines to fit. What keeps
/// words together (U+00A0) is a blank, too.
std::string InOneLine(std::string_view text);
bool IsBlank(std::string_view text);

std::string ToText(const std::vector<center::CellRange>& merged);

/// Most ranges of merged cells that are filled.
inline constexpr std::size_t kMaxMerged = 10'000;

}  // namespace fansipan::sources::internal
