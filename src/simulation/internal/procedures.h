#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fansipan::simulation::internal {

struct Procedure {
  std::string_view code;
  std::string_view field;
  int working_days = 1;          ///< from receipt to the due date
  std::int64_t fee = 0;          ///< in đồng
  double weight = 1;             ///< how often it is asked for
  double obligation_chance = 0;  ///< that a tax or charge is set while it is processed
};

std::span<const Procedure> CommuneProcedures();
std::span<const Procedure> DepartmentProcedures();

}  // namespace fansipan::simulation::internal
