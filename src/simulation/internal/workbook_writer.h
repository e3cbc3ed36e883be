#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace fansipan::simulation::internal {

using WorkbookCell = std::variant<std::monostate, std::string, double>;  ///< empty, text, number

struct WorkbookSheet {
  std::string name;
  std::vector<std::vector<WorkbookCell>> rows;
  std::vector<std::string> merged;  ///< ranges such as "A1:F1"; the first cell of each is shown
};

/// An XLSX, byte for byte the same for the same input. kInvalidArgument names the sheet and what
/// of it no workbook can hold.
base::Result<std::string> WriteWorkbook(const std::vector<WorkbookSheet>& sheets);

}  // namespace fansipan::simulation::internal
