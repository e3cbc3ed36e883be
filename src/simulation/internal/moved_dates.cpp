#include "simulation/internal/moved_dates.h"

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr int kLastFilingDay = 8;
constexpr std::size_t kProcedure = 1;  // of three working days, so that dates pass by the 14th

/// A weekday from one day of the month to another, each as likely.
LocalDay PickWeekday(year_month month, int first, int last, Dice& dice) {
  std::vector<LocalDay> weekdays;
  for (LocalDay day{month / first}; day <= LocalDay{month / last}; day += days(1)) {
    if (!IsWeekend(day)) weekdays.push_back(day);
  }
  const auto end = static_cast<std::int64_t>(weekdays.size()) - 1;
  return weekdays[static_cast<std::size_t>(dice.Between(0, end))];
}

base::Timestamp PickMoment(LocalDay day, const OfficeHours& hours, Dice& dice) {
  return hours.zone().ToUtc(PickFilingTime(day, Channel::kCounter, dice));
}

}  // namespace

std::uint64_t SeedOfMovedDates(std::uint64_t seed, year_month month) {
  const auto number = static_cast<std::uint64_t>(LocalDay{month / 1}.time_since_epoch().count());
  return MixSeeds(MixSeeds(seed, 0x6D6F766564U), number);
}

std::vector<MovedDateCase> MovedDatesFiledOn(LocalDay day, const MovedDateRules& rules) {
  std::vector<MovedDateCase> filed;
  const year_month_day date{day};
  if (IsWeekend(day) || static_cast<unsigned>(date.day()) > kLastFilingDay) return filed;
  const year_month month = date.year() / date.month();
  const std::uint64_t seed = SeedOfMovedDates(rules.seed, month);
  for (int number = 0; number < rules.in_a_month; ++number) {
    Dice dice(MixSeeds(seed, static_cast<std::uint64_t>(number)));
    if (PickWeekday(month, 1, kLastFilingDay, dice) != day) continue;
    MovedDateCase one{.number = static_cast<std::size_t>(number),
                      .procedure = &CommuneProcedures()[kProcedure]};
    one.at = PickMoment(day, rules.hours, dice);
    one.move.at =
        PickMoment(PickWeekday(month, kFirstMovingDay, kLastMovingDay, dice), rules.hours, dice);
    one.move.finished_at = rules.hours.After(one.move.at, minutes(dice.Between(60, 600)));
    one.move.due_at = rules.hours.After(one.move.finished_at, kWorkingDay);
    one.dice = dice;
    filed.push_back(one);
  }
  return filed;
}

}  // namespace fansipan::simulation::internal
