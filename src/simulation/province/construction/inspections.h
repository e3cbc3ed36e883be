#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/internal/office_hours.h"
#include "simulation/province/civil_days.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// An inspection, or a version of a violation that it found.
struct InspectionRow {
  std::string inspection;
  std::string violation;  ///< empty: this is the inspection itself
  std::string commune_code;
  std::string agency_code;
  Day inspected;
  int kind = 0;  ///< 1 without a permit, 2 against it, 3 against planning, 4 unsafe
  base::Timestamp found_at;
  int term_days = 0;
  std::optional<base::Timestamp> handled_at;
  base::Timestamp updated_at;
};

/// Inspections of working days, and what becomes of the violations. Immutable; the province
/// outlives it.
class Inspections {
 public:
  explicit Inspections(const Province& province);

  /// Dated behind `after` and up to `until`.
  std::vector<InspectionRow> RowsBetween(base::Timestamp after, base::Timestamp until) const;

 private:
  std::vector<InspectionRow> RowsOf(Day day, std::uint64_t number) const;

  const Province& province_;
  internal::OfficeHours office_;
  std::uint64_t seed_;
  std::vector<double> weights_;
};

}  // namespace fansipan::simulation
