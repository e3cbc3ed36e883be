#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::simulation::internal {

/// A table of a center's folder: RFC 4180 with a comma and a header row.
struct CsvRows {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as wide as the header

  std::optional<std::size_t> FindColumn(std::string_view name) const;
};

/// kInvalidArgument with the line for a quote that is never closed or a row of another width.
/// `fansipan check` says more about a broken table; this reads tables that passed it.
base::Result<CsvRows> ParseCsvRows(std::string_view text);

}  // namespace fansipan::simulation::internal
