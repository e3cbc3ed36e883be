#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/places.h"
#include "simulation/province/state_budget/amounts.h"

namespace fansipan::simulation::budget {

/// A kind of revenue, as the table of a month tells it.
struct RevenueLine {
  std::string number;  ///< 1, 2, … below domestic revenue; II, III beside it
  std::string name;
  Tenths estimate_central = 0;
  Tenths estimate_province = 0;
  Tenths collected_in_month = 0;
  Tenths collected_to_date = 0;
};

/// What an agency spends of its recurrent budget in one field.
struct RecurrentLine {
  std::string agency_code;
  std::string field;
  Tenths estimate = 0;
  Tenths spent_in_month = 0;
  Tenths spent_to_date = 0;
};

/// State revenue in the province in the month's civil year until its end, by kind.
std::vector<RevenueLine> RevenueOf(std::uint64_t seed, std::chrono::year_month month);
/// Recurrent expenditure in the month's civil year until its end, by agency and field.
std::vector<RecurrentLine> RecurrentOf(const Places& places, std::uint64_t seed,
                                       std::chrono::year_month month);

}  // namespace fansipan::simulation::budget
