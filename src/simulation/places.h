#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace fansipan::simulation {

struct Commune {
  std::string code;         ///< in the territory
  std::string agency_code;  ///< electronic identifier of its People's Committee
  double area_km2 = 0;      ///< 0 when not known
};

/// Where cases are filed.
struct Places {
  std::vector<Commune> communes;
  std::vector<std::string> departments;  ///< electronic identifiers
};

/// Reads the units in force (no `valid_to`) from a center's folder: communes of
/// territory/units.csv, and identifiers of organisation/codes.csv for the `department` and
/// `commune_office` units of organisation/units.csv. An office belongs to the commune whose code
/// its own code ends in. Communes without an office are left out; there must be one with, and a
/// department.
base::Result<Places> LoadPlaces(base::FileSystem& files, const std::string& center_folder);

}  // namespace fansipan::simulation
