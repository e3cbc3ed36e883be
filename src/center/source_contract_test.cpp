#include "center/source_contract.h"

#include <gtest/gtest.h>

#include "model/days.h"
#include "model/value.h"

namespace fansipan::center {
namespace {

const base::TimeZone kZone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");

base::Timestamp At(const std::string& text) {
  return std::get<base::Timestamp>(
      *model::ParseValue(text, model::ColumnType::kTimestamp, 0, kZone));
}

/// Monday to Friday, with 1 and 2 September 2025 free.
model::WorkingCalendar Office() {
  model::WorkingCalendar office;
  for (std::size_t day = 0; day < 5; ++day) office.week[day] = {{7 * 60, 17 * 60}};
  office.years[2025] = {};
  for (const unsigned day : {1U, 2U}) {
    const model::Date date(std::chrono::year(2025) / std::chrono::September / day);
    office.days[date] = model::SpecialDay{};
  }
  return office;
}

base::Timestamp NextAfter(const std::string& cadence, const std::string& last,
                          const model::WorkingCalendar* calendar = nullptr) {
  const auto parsed = ParseCadence(cadence);
  EXPECT_TRUE(parsed) << cadence;
  return NextDue(parsed.value_or(Cadence()), At(last), kZone, calendar);
}

TEST(Cadence, ReadsWhatItWrites) {
  for (const auto* text :
       {"every 900s", "daily at 07:00", "working days at 16:30", "monthly by 15"}) {
    const auto cadence = ParseCadence(text);
    ASSERT_TRUE(cadence) << text;
    EXPECT_EQ(ToText(*cadence), text);
  }
}

TEST(Cadence, RefusesWhatItDoesNotKnow) {
  for (const auto* text : {"", "every", "every 0m", "every 15", "daily", "daily at 7:00",
                           "daily at 24:00", "monthly by 0", "monthly by 32", "weekly at 07:00"}) {
    EXPECT_FALSE(ParseCadence(text)) << text;
  }
}

TEST(Cadence, IsDueAfterItsInterval) {
  EXPECT_EQ(NextAfter("every 15m", "2025-09-01T08:00:00"), At("2025-09-01T08:15:00"));
}

TEST(Cadence, IsDueAtTheNextTimeOfDay) {
  EXPECT_EQ(NextAfter("daily at 07:00", "2025-09-01T07:00:00"), At("2025-09-02T07:00:00"));
  EXPECT_EQ(NextAfter("daily at 07:00", "2025-09-01T12:00:00"), At("2025-09-02T07:00:00"));
}

TEST(Cadence, TakesWhatComesEarlyForTheDeliveryThatIsDue) {
  EXPECT_EQ(NextAfter("daily at 07:00", "2025-09-01T06:55:00"), At("2025-09-02T07:00:00"));
  const auto office = Office();
  EXPECT_EQ(NextAfter("working days at 07:00", "2025-09-05T06:30:00", &office),
            At("2025-09-08T07:00:00"));
}

TEST(Cadence, PassesOverDaysThatAreNotWorked) {
  const auto office = Office();
  // Friday evening; Monday and Tuesday are holidays.
  EXPECT_EQ(NextAfter("working days at 07:00", "2025-08-29T20:00:00", &office),
            At("2025-09-03T07:00:00"));
}

TEST(Cadence, IsDueByTheEndOfADayOfTheMonth) {
  EXPECT_EQ(NextAfter("monthly by 15", "2025-09-03T08:00:00"), At("2025-10-16T00:00:00"));
  EXPECT_EQ(NextAfter("monthly by 15", "2025-08-30T08:00:00"), At("2025-09-16T00:00:00"));
  EXPECT_EQ(NextAfter("monthly by 15", "2025-09-16T08:00:00"), At("2025-10-16T00:00:00"));
  EXPECT_EQ(NextAfter("monthly by 31", "2025-02-03T08:00:00"), At("2025-03-01T00:00:00"));
  EXPECT_EQ(NextAfter("monthly by 15", "2025-12-20T08:00:00"), At("2026-01-16T00:00:00"));
}

}  // namespace
}  // namespace fansipan::center
