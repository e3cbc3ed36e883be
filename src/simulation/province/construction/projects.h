#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/province/civil_days.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// What is reported of a project for a month, in hundredths of a percent.
struct ProgressMonth {
  Month month;
  int planned = 0;  ///< to date
  int actual = 0;   ///< to date
  int done = 0;     ///< in the month
};

struct BuildingProject {
  std::string code;
  std::string name;
  std::string commune_code;
  std::string agency_code;
  std::string_view group;   ///< A, B, C
  std::string_view sector;  ///< as the register writes it
  std::int64_t investment = 0;
  Month first;
  int months = 0;                       ///< planned
  std::vector<ProgressMonth> progress;  ///< from the first month until it is done
  double longitude = 0;
  double latitude = 0;

  Month planned_last() const { return first + std::chrono::months(months - 1); }
  /// The month in which it is done.
  Month last() const { return progress.back().month; }
};

/// A project on which nothing is done for months.
struct StandingProject {
  std::string code;
  std::string commune_code;
  Month from;
  Month until;  ///< excluded
};

/// All projects of the province from 2024 to 2036, some dozens at a time. In each half of a year
/// from 2026 on, one of them stands still for five months.
class BuildingProjects {
 public:
  explicit BuildingProjects(const Province& province);

  const std::vector<BuildingProject>& projects() const { return projects_; }
  const std::vector<StandingProject>& standing() const { return standing_; }

 private:
  std::vector<BuildingProject> projects_;
  std::vector<StandingProject> standing_;
};

}  // namespace fansipan::simulation
