#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/internal/office_hours.h"
#include "simulation/province/civil_days.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// One version of a permit's case, with the numbers that the permit system writes.
struct PermitVersion {
  std::string number;
  std::string commune_code;
  std::string agency_code;
  int kind = 1;    ///< 1 house, 2 works, 3 for a limited time, 4 adjustment, 5 relocation
  int status = 1;  ///< 1 received, 2 examined, 3 supplement, 4 granted, 5 refused, 6 withdrawn
  base::Timestamp received_at;
  int term_days = 0;
  std::optional<base::Timestamp> closed_at;
  double floor_area = 0;
  base::Timestamp updated_at;
};

/// An office whose permits run late for a time.
struct LateOffice {
  std::size_t commune = 0;
  Day from;
  Day until;
};

/// Cases are filed on working days; the department grants works, the communes houses. Immutable;
/// the province outlives it.
class Permits {
 public:
  explicit Permits(const Province& province);

  /// One in each ninety days, of the communes where most is built.
  LateOffice LateOfficeOf(std::int64_t cycle) const;
  static std::int64_t CycleOf(Day day);
  /// Versions dated behind `after` and up to `until`, in the order of time.
  std::vector<PermitVersion> VersionsBetween(base::Timestamp after, base::Timestamp until) const;

 private:
  PermitVersion Filed(Day day, std::uint64_t number) const;
  bool IsLate(const PermitVersion& filed) const;
  std::vector<PermitVersion> LifeOf(const PermitVersion& filed, std::uint64_t seed) const;

  const Province& province_;
  internal::OfficeHours office_;
  std::uint64_t seed_;
  std::vector<double> weights_;       ///< of building in the communes
  std::vector<std::size_t> busiest_;  ///< communes
};

}  // namespace fansipan::simulation
