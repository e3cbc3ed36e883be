#include "simulation/province/construction/inspections.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "simulation/internal/dice.h"
#include "simulation/province/construction/building_places.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::kWorkingDay;
using internal::MixSeeds;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint64_t kInspectionsSeed = 0x696E7370656374;
constexpr days kLongestHandling{120};
constexpr std::uint64_t kInspectionsADay = 5;
constexpr double kViolationShare = 0.17;

}  // namespace

Inspections::Inspections(const Province& province)
    : province_(province),
      office_(province.zone),
      seed_(MixSeeds(province.seed, kInspectionsSeed)),
      weights_(BuildingWeights(province)) {}

std::vector<InspectionRow> Inspections::RowsOf(Day day, std::uint64_t number) const {
  const auto of_day = static_cast<std::uint64_t>(day.time_since_epoch().count());
  Dice dice(MixSeeds(MixSeeds(seed_, of_day), number));
  const Commune& commune = province_.places.communes[dice.Pick(weights_)];
  InspectionRow row;
  row.inspection = fmt::format("BB-{}-{:02}", DayText(day), number + 1);
  row.commune_code = commune.code;
  row.agency_code = dice.Chance(0.4) ? DepartmentOfConstruction(province_) : commune.agency_code;
  row.inspected = day;
  row.updated_at = MomentOn(day, hours(8) + minutes(dice.Between(0, 180)), province_.zone);
  std::vector<InspectionRow> rows{row};
  if (!dice.Chance(kViolationShare)) return rows;
  constexpr std::array<double, 4> kKinds = {0.45, 0.3, 0.1, 0.15};
  constexpr std::array<int, 3> kTerms = {10, 20, 30};
  row.violation = "VP-" + row.inspection.substr(3);
  row.kind = static_cast<int>(dice.Pick(kKinds)) + 1;
  row.found_at = row.updated_at;
  row.term_days = kTerms[static_cast<std::size_t>(dice.Between(0, 2))];
  rows.push_back(row);
  const double share = dice.Chance(0.15) ? dice.Spread(1.1, 2.2) : dice.Spread(0.3, 0.95);
  row.handled_at = office_.After(
      row.found_at,
      base::Duration(static_cast<std::int64_t>(
          row.term_days * share * static_cast<double>(base::Duration(kWorkingDay).count()))));
  row.updated_at = *row.handled_at;
  rows.push_back(std::move(row));
  return rows;
}

std::vector<InspectionRow> Inspections::RowsBetween(base::Timestamp after,
                                                    base::Timestamp until) const {
  std::vector<InspectionRow> found;
  const Day last = DayOf(until, province_.zone);
  for (Day day = DayOf(after, province_.zone) - kLongestHandling; day <= last; day += days(1)) {
    if (!IsWorkingDay(day)) continue;
    for (std::uint64_t number = 0; number < kInspectionsADay; ++number) {
      for (InspectionRow& row : RowsOf(day, number)) {
        if (row.updated_at > after && row.updated_at <= until) found.push_back(std::move(row));
      }
    }
  }
  return found;
}

}  // namespace fansipan::simulation
