#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "center/internal/problems.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxCsvCells = 2'000'000;
inline constexpr std::size_t kMaxCsvColumns = 64;

struct CsvCell {
  std::string text;
  Position at;
};

/// A table of a center: RFC 4180 with a comma, a header row, UTF-8.
struct CsvTable {
  std::vector<CsvCell> header;
  std::vector<std::vector<CsvCell>> rows;  ///< each as wide as the header
};

/// Reports everything that is not RFC 4180. A row that is too short or too long is reported and
/// left out; after a misplaced quote nothing more can be read, and there is no table.
std::optional<CsvTable> ParseCsv(const FileScope& scope, std::string_view text);

}  // namespace fansipan::center
