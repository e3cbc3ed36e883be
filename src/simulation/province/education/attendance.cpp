#include "simulation/province/education/attendance.h"

#include <algorithm>
#include <array>

#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::MixSeeds;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t kWeeksSeed = 0x7765656B73;
constexpr double kLateShare = 0.015;
constexpr double kWrongSumShare = 0.003;

struct Season {
  unsigned month = 0;
  std::string_view cause;
};
constexpr std::array kSeasons = {Season{9, "flood and landslides"}, Season{11, "influenza"},
                                 Season{1, "severe cold"}, Season{4, "whirlwind and hail"}};

std::uint64_t NumberOf(Day day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

double UsualShare(const School& school, Day day) {
  const bool is_preschool = school.levels.front() == Level::kPreschool;
  const auto month = static_cast<unsigned>(std::chrono::year_month_day(day).month());
  const bool is_winter = month == 12 || month <= 2;
  return (is_preschool ? 0.955 : 0.982) - (is_winter ? 0.012 : 0);
}

Day SchoolDayBefore(Day day) {
  do day -= days(1);
  while (!IsSchoolDay(day));
  return day;
}

}  // namespace

Attendance::Attendance(const Province& province, const std::vector<School>& schools)
    : province_(province), schools_(schools) {}

std::optional<AbsentWeek> Attendance::AbsentWeekOf(Month month) const {
  const auto season = std::find_if(kSeasons.begin(), kSeasons.end(), [&](const Season& one) {
    return one.month == static_cast<unsigned>(month.month());
  });
  if (season == kSeasons.end()) return std::nullopt;
  Dice dice(MixSeeds(MixSeeds(province_.seed, kWeeksSeed), NumberOf(FirstDayOf(month))));
  const auto most = static_cast<std::int64_t>(province_.places.communes.size()) - 1;
  return AbsentWeek{Day(month / std::chrono::Monday[2]),
                    static_cast<std::size_t>(dice.Between(0, most)), season->cause};
}

bool Attendance::IsAbsentWeek(const School& school, Day day) const {
  const auto week = AbsentWeekOf(MonthOf(day));
  return week && school.commune == week->commune && day >= week->monday &&
         day < week->monday + days(5);
}

Attendance::Fault Attendance::FaultOf(const School& school, Day day) const {
  Dice dice(MixSeeds(MixSeeds(school.seed, 3), NumberOf(day)));
  if (dice.Chance(kLateShare)) return Fault::kLate;
  return dice.Chance(kWrongSumShare) ? Fault::kWrongSum : Fault::kNone;
}

AttendanceRow Attendance::RowOf(const School& school, Day day) const {
  Dice dice(MixSeeds(MixSeeds(school.seed, 2), NumberOf(day)));
  const int month = static_cast<int>(static_cast<unsigned>(MonthOf(day).month()));
  const int revision = month >= 2 && month <= 8 ? 2 : 1;
  AttendanceRow row{.school = &school, .day = day};
  row.enrolled = PupilsOf(school, SchoolYearOf(day), revision);
  const double usual = std::min(1.0, UsualShare(school, day) + dice.Spread(-0.015, 0.012));
  const double share = IsAbsentWeek(school, day) ? dice.Spread(0.25, 0.5) : usual;
  row.present = static_cast<int>(row.enrolled * share);
  const int absent = row.enrolled - row.present;
  row.without_leave = static_cast<int>(absent * dice.Spread(0.05, 0.35));
  row.with_leave = absent - row.without_leave;
  row.reported_at =
      MomentOn(day, hours(7) + minutes(30) + seconds(dice.Between(0, 5400)), province_.zone);
  return row;
}

std::vector<AttendanceRow> Attendance::ToldOn(Day day) const {
  std::vector<AttendanceRow> told;
  const Day before = SchoolDayBefore(day);
  for (const School& school : schools_) {
    if (FaultOf(school, before) != Fault::kNone) {
      AttendanceRow row = RowOf(school, before);
      row.reported_at = MomentOn(day, hours(7) + minutes(5), province_.zone);
      told.push_back(row);
    }
    const Fault fault = FaultOf(school, day);
    if (fault == Fault::kLate) continue;
    told.push_back(RowOf(school, day));
    // Somebody is counted twice; the center sets the row aside, and the school puts it right.
    if (fault == Fault::kWrongSum) ++told.back().with_leave;
  }
  return told;
}

}  // namespace fansipan::simulation
