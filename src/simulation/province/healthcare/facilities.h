#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "simulation/province/healthcare/disease_weeks.h"
#include "simulation/province/healthcare/health_time.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation::healthcare {

/// As the register numbers them.
enum class FacilityKind : std::uint8_t {
  kProvincialHospital = 1,
  kRegionalCenter = 2,
  kCommuneStation = 3,
  kPrivateHospital = 4
};

struct Facility {
  std::string code;
  std::string name;
  FacilityKind kind = FacilityKind::kCommuneStation;
  std::size_t commune = 0;  ///< in the province's places
  double people = 0;        ///< of its commune
  int beds_planned = 0;
  int beds = 0;
  int doctors = 0;
  int pharmacists = 0;
  int nurses = 0;
  int staff = 0;
};

/// Facilities with their register, beds and treatment, and who is insured. What a facility does on
/// a day is drawn from seed, code and day alone. Immutable.
class Facilities {
 public:
  explicit Facilities(const Province& province);

  const std::vector<Facility>& all() const { return facilities_; }
  const std::string& CommuneOf(const Facility& facility) const;
  /// The register as it stands on the day: CSV.
  Table Register(LocalDay day) const;
  /// What facilities with beds tell of this hour: NDJSON.
  Table BedsAt(base::LocalTime hour) const;
  /// What was done on a day: NDJSON. `sent`: when all of it is told.
  Table TreatedOn(LocalDay day, base::LocalTime sent) const;
  /// All quarters since the merger that were stated before the day: CSV.
  Table InsuredBefore(LocalDay day) const;
  /// Which facility has more patients than beds in the thirteen weeks that the day lies in; nothing
  /// before 2026.
  const Facility* FindCrowded(LocalDay day) const;
  /// The first Monday of these weeks.
  static LocalDay CrowdedSince(LocalDay day);

 private:
  void AddHospitals(const std::vector<std::size_t>& by_people);
  void Add(FacilityKind kind, std::size_t commune, int number, int beds);
  double OccupancyOf(const Facility& facility, base::LocalTime hour) const;
  std::int64_t InsuredIn(std::size_t commune, int quarter) const;

  std::uint64_t seed_;
  Places places_;
  std::vector<std::int64_t> people_;
  std::vector<Facility> facilities_;
};

}  // namespace fansipan::simulation::healthcare
