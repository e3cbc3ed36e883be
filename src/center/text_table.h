#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "center/load.h"

namespace fansipan::center {

/// A column that a table may or must have.
struct TextColumn {
  std::string name;
  bool required = false;  ///< must be in the header, and no cell may be empty
};

struct TextRow {
  int line = 1;                    ///< where it stands, 1-based
  std::vector<std::string> cells;  ///< in the order of the columns asked for; empty where missing
};

/// A table in the form of a center's CSV files, or everything that is wrong with it.
struct TextTable {
  std::vector<TextRow> rows;
  std::vector<Problem> problems;  ///< at most kMaxProblems; with any, the rows are not to be used
};

/// Reads `text` as RFC 4180 with a header row, UTF-8. `file` names it in problems. Columns that are
/// not asked for are a problem.
TextTable ReadTextTable(std::string_view file, std::string_view text,
                        const std::vector<TextColumn>& columns);

/// Those of decisions.csv: what was decided of an official statement, by whom, when and why.
std::vector<TextColumn> DecisionColumns();

/// A cell as it is written to such a file: in quotes where it needs them.
std::string QuoteCell(std::string_view cell);

}  // namespace fansipan::center
