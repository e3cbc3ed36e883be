#include "simulation/province/e_documents/story_cycle.h"

#include <vector>

#include "simulation/internal/dice.h"

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr std::uint64_t kSalt = 0xED0C;
constexpr local_days kSomeMonday{days(4)};  // 5 January 1970

local_days FirstWorked(local_days day, const OfficeYear& year) {
  while (!year.IsWorked(day)) day += days(1);
  return day;
}

}  // namespace

StoryCycle StoryCycleOf(local_days day, const Places& places, const OfficeYear& year,
                        std::uint64_t seed) {
  const auto since = std::chrono::floor<std::chrono::weeks>(day - kSomeMonday);
  const auto number = since.count() / 4;
  StoryCycle cycle;
  cycle.begins = kSomeMonday + number * kStoryCycle;
  Dice dice(MixSeeds(seed ^ kSalt, static_cast<std::uint64_t>(number)));
  // The first department is the office that instructs the others.
  const auto departments = static_cast<std::int64_t>(places.departments.size());
  const auto department = [&] {
    return places.departments[static_cast<std::size_t>(
        departments > 1 ? dice.Between(1, departments - 1) : 0)];
  };
  cycle.lying_agency = department();
  cycle.recalling_agency = department();
  const auto communes = static_cast<std::int64_t>(places.communes.size());
  cycle.overdue_agency =
      places.communes[static_cast<std::size_t>(dice.Between(0, communes - 1))].agency_code;
  cycle.lies_from = FirstWorked(cycle.begins + days(3), year);
  cycle.lies_until = FirstWorked(cycle.begins + days(25), year);
  cycle.instructed_on = FirstWorked(cycle.begins + days(1), year);
  cycle.due_on = FirstWorked(cycle.begins + days(9), year);
  cycle.answered_on = FirstWorked(cycle.begins + days(24), year);
  cycle.recalled_on = FirstWorked(cycle.begins + days(15), year);
  return cycle;
}

}  // namespace fansipan::simulation::internal
