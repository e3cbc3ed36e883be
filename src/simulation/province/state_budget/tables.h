#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "simulation/province/state_budget/accounts.h"
#include "simulation/province/state_budget/projects.h"

namespace fansipan::simulation::budget {

/// The treasury's workbook of public investment of one plan year. Its footer tells all `lines`, of
/// which the sheet holds those before the last `held_back`. Plans are text, disbursements numbers.
std::string CapitalWorkbook(std::span<const PlanLine> lines, int plan_year,
                            std::chrono::year_month month, std::size_t held_back = 0);
/// The workbook of state revenue; estimates are text, what was collected numbers.
std::string RevenueWorkbook(std::span<const RevenueLine> lines, std::chrono::year_month month);
/// The table of recurrent expenditure, in UTF-8 with semicolons.
std::string RecurrentTable(std::span<const RecurrentLine> lines, std::chrono::year_month month);

/// The names of the workbooks' columns, of both header rows, as a reader joins them.
std::vector<std::string> CapitalColumns();
std::vector<std::string> RevenueColumns();

/// `31/10/2026`, the last day of the month.
std::string LastDayText(std::chrono::year_month month);
/// `10/2026`
std::string MonthText(std::chrono::year_month month);

}  // namespace fansipan::simulation::budget
