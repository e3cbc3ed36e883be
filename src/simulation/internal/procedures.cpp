#include "simulation/internal/procedures.h"

#include <array>

namespace fansipan::simulation::internal {
namespace {

// INVENTED: the codes have the format of real procedure codes of the province but name no real
// procedure; days, fees and weights are plausible figures for a demonstration, not regulations.
constexpr std::array<Procedure, 9> kCommune = {{
    {"1.090101.000.00.00.H38", "civil_status", 1, 0, 12, 0},
    {"1.090102.000.00.00.H38", "civil_status", 3, 0, 5, 0},
    {"1.090103.000.00.00.H38", "civil_status", 1, 8'000, 10, 0},
    {"1.090201.000.00.00.H38", "certification", 1, 10'000, 26, 0},
    {"1.090202.000.00.00.H38", "certification", 2, 20'000, 9, 0},
    {"1.090301.000.00.00.H38", "social_protection", 15, 0, 7, 0},
    {"1.090401.000.00.00.H38", "land", 10, 100'000, 9, 0.45},
    {"1.090501.000.00.00.H38", "business", 3, 100'000, 5, 0},
    {"1.090601.000.00.00.H38", "education", 5, 0, 4, 0},
}};

constexpr std::array<Procedure, 6> kDepartment = {{
    {"1.090402.000.00.00.H38", "land", 20, 500'000, 7, 0.6},
    {"1.090502.000.00.00.H38", "business", 3, 50'000, 9, 0},
    {"1.090602.000.00.00.H38", "education", 10, 0, 3, 0},
    {"1.090701.000.00.00.H38", "construction", 20, 150'000, 5, 0},
    {"1.090801.000.00.00.H38", "transport", 5, 135'000, 14, 0},
    {"1.090802.000.00.00.H38", "transport", 2, 0, 5, 0},
}};

}  // namespace

std::span<const Procedure> CommuneProcedures() { return kCommune; }
std::span<const Procedure> DepartmentProcedures() { return kDepartment; }

}  // namespace fansipan::simulation::internal
