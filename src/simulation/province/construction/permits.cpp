#include "simulation/province/construction/permits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
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

constexpr std::uint64_t kPermitsSeed = 0x7065726D6974;
constexpr days kLongestCase{75};
constexpr int kCycleDays = 90;
constexpr std::size_t kBusiest = 5;
constexpr double kBusiestWeight = 4;
constexpr std::uint64_t kCasesADay = 18;

std::uint64_t NumberOf(Day day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

base::Duration WorkingTime(double working_days) {
  return base::Duration(static_cast<std::int64_t>(
      working_days * static_cast<double>(base::Duration(kWorkingDay).count())));
}

}  // namespace

Permits::Permits(const Province& province)
    : province_(province),
      office_(province.zone),
      seed_(MixSeeds(province.seed, kPermitsSeed)),
      weights_(BuildingWeights(province)) {
  busiest_.resize(weights_.size());
  std::iota(busiest_.begin(), busiest_.end(), std::size_t{0});
  std::stable_sort(busiest_.begin(), busiest_.end(), [this](std::size_t left, std::size_t right) {
    return weights_[left] > weights_[right];
  });
  busiest_.resize(std::min(kBusiest, busiest_.size()));
  for (const std::size_t commune : busiest_) weights_[commune] *= kBusiestWeight;
}

std::int64_t Permits::CycleOf(Day day) { return day.time_since_epoch().count() / kCycleDays; }

LateOffice Permits::LateOfficeOf(std::int64_t cycle) const {
  Dice dice(MixSeeds(MixSeeds(seed_, 1), static_cast<std::uint64_t>(cycle)));
  const auto most = static_cast<std::int64_t>(busiest_.size()) - 1;
  const Day first(days(cycle * kCycleDays));
  return {busiest_[static_cast<std::size_t>(dice.Between(0, most))], first + days(5),
          first + days(75)};
}

PermitVersion Permits::Filed(Day day, std::uint64_t number) const {
  Dice dice(MixSeeds(MixSeeds(seed_, NumberOf(day)), number));
  const Commune& commune = province_.places.communes[dice.Pick(weights_)];
  constexpr std::array<double, 5> kKinds = {0.68, 0.17, 0.04, 0.09, 0.02};
  PermitVersion filed;
  filed.kind = static_cast<int>(dice.Pick(kKinds)) + 1;
  const bool is_house = filed.kind == 1;
  filed.commune_code = commune.code;
  filed.agency_code = is_house ? commune.agency_code : DepartmentOfConstruction(province_);
  const std::chrono::year_month_day date(day);
  filed.number = fmt::format(
      "{}-{:02}{:02}{:02}-{:04}", filed.agency_code, static_cast<int>(date.year()) % 100,
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), number + 1);
  filed.term_days = is_house ? 15 : 20;
  filed.floor_area = is_house ? dice.Spread(60, 320) : dice.Spread(250, 6500);
  filed.received_at = office_.After(MomentOn(day, hours(7) + minutes(30), province_.zone),
                                    WorkingTime(dice.Spread(0.02, 0.95)));
  filed.updated_at = filed.received_at;
  return filed;
}

bool Permits::IsLate(const PermitVersion& filed) const {
  const Day day = DayOf(filed.received_at, province_.zone);
  const LateOffice office = LateOfficeOf(CycleOf(day));
  return day >= office.from && day < office.until &&
         filed.agency_code == province_.places.communes[office.commune].agency_code;
}

std::vector<PermitVersion> Permits::LifeOf(const PermitVersion& filed, std::uint64_t seed) const {
  Dice dice(MixSeeds(seed, 2));
  std::vector<PermitVersion> versions{filed};
  const auto go_on = [&](int status, base::Duration after) {
    PermitVersion next = versions.back();
    next.status = status;
    next.updated_at = office_.After(next.updated_at, after);
    versions.push_back(std::move(next));
  };
  const double usual = dice.Chance(0.05) ? dice.Spread(1.05, 1.4) : dice.Spread(0.35, 0.9);
  const double used = filed.term_days * (IsLate(filed) ? dice.Spread(1.05, 2) : usual);
  go_on(2, WorkingTime(dice.Spread(0.3, 1.2)));
  double left = used - 1.2;
  if (dice.Chance(0.22)) {
    go_on(3, WorkingTime(used * 0.3));
    go_on(2, WorkingTime(dice.Spread(2, 10)));
    left -= used * 0.3;
  }
  constexpr std::array<double, 3> kEnds = {0.91, 0.06, 0.03};
  go_on(4 + static_cast<int>(dice.Pick(kEnds)), WorkingTime(left));
  versions.back().closed_at = versions.back().updated_at;
  return versions;
}

std::vector<PermitVersion> Permits::VersionsBetween(base::Timestamp after,
                                                    base::Timestamp until) const {
  std::vector<PermitVersion> found;
  const Day last = DayOf(until, province_.zone);
  for (Day day = DayOf(after, province_.zone) - kLongestCase; day <= last; day += days(1)) {
    if (!IsWorkingDay(day)) continue;
    for (std::uint64_t number = 0; number < kCasesADay; ++number) {
      const std::uint64_t seed = MixSeeds(MixSeeds(seed_, NumberOf(day)), number);
      for (PermitVersion& version : LifeOf(Filed(day, number), seed)) {
        if (version.updated_at > after && version.updated_at <= until) {
          found.push_back(std::move(version));
        }
      }
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const PermitVersion& left, const PermitVersion& right) {
                     return left.updated_at < right.updated_at;
                   });
  return found;
}

}  // namespace fansipan::simulation
