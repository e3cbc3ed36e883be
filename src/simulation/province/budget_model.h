#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The sources of the pack state_budget: each month the treasury's extracts of public investment
/// (a workbook for each plan year), revenue (a workbook) and recurrent expenditure (a table), and
/// what project owners state through the reporting portal. The books begin in July 2025.
std::unique_ptr<SystemModel> MakeBudgetModel(const Province& province);

}  // namespace fansipan::simulation
