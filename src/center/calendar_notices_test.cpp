#include "center/calendar_notices.h"

#include <gtest/gtest.h>

#include <string>

#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using std::chrono::year_month_day;
using namespace std::chrono_literals;

/// The sample center, whose case system works by the calendar, on a day.
std::vector<std::string> NoticesOn(year_month_day day, const std::string& years) {
  testing::Files files = testing::SampleCenter();
  files["calendars/office.yaml"] =
      "calendars:\n"
      "  unused: {week: {monday: [\"08:00-09:00\"]}, years: {2020: {basis: {vi: a, en: a}}}}\n"
      "  office: {week: {monday: [\"08:00-09:00\"]}" +
      years + "}\n";
  const LoadOutcome outcome = LoadCenterFiles(files, testing::PrattParser());
  for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  if (!outcome.center) return {};
  std::vector<std::string> texts;
  for (const Problem& notice : CalendarNotices(*outcome.center, std::chrono::sys_days(day))) {
    texts.push_back(ToText(notice));
  }
  return texts;
}

constexpr const char* kOnly2026 = ", years: {2026: {basis: {vi: a, en: a}}}";
constexpr const char* kAnd2027 =
    ", years: {2026: {basis: {vi: a, en: a}}, 2027: {basis: {vi: a, en: a}, provisional: true}}";

TEST(CalendarNotices, TellOfAMissingNextYearFromOctoberOn) {
  EXPECT_TRUE(NoticesOn(2026y / 9 / 30, kOnly2026).empty());
  const auto notices = NoticesOn(2026y / 10 / 1, kOnly2026);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].find("calendars/office.yaml:3:3: calendar 'office': does not cover 2027"),
            0U)
      << notices[0];
}

TEST(CalendarNotices, TellOfAProvisionalNextYearInDecember) {
  EXPECT_TRUE(NoticesOn(2026y / 11 / 30, kAnd2027).empty());
  EXPECT_EQ(NoticesOn(2026y / 12 / 1, kAnd2027).size(), 1U);
}

TEST(CalendarNotices, TellOfAYearThatHasBegunUndecidedOrUncovered) {
  EXPECT_EQ(NoticesOn(2027y / 1 / 1, kAnd2027).size(), 1U);
  EXPECT_EQ(NoticesOn(2027y / 1 / 1, kOnly2026).size(), 1U);
  EXPECT_EQ(NoticesOn(2027y / 10 / 1, kOnly2026).size(), 2U);
}

TEST(DecidedUntil, IsTheEndOfTheLastDecidedYearWhereTheCenterIs) {
  testing::Files files = testing::SampleCenter();
  files["calendars/office.yaml"] =
      std::string("calendars:\n  office: {week: {monday: [\"08:00-09:00\"]}") + kAnd2027 +
      "}\n  plain: {week: {monday: [\"08:00-09:00\"]}}\n";
  const LoadOutcome outcome = LoadCenterFiles(files, testing::PrattParser());
  ASSERT_NE(outcome.center, nullptr);
  const Center& center = *outcome.center;
  const auto until = DecidedUntil(center, *center.FindCalendar("office"));
  EXPECT_EQ(until, base::Timestamp(std::chrono::sys_days(2027y / 1 / 1) - 7h));
  EXPECT_EQ(DayAt(center, *until), std::chrono::sys_days(2027y / 1 / 1));
  EXPECT_EQ(DecidedUntil(center, *center.FindCalendar("plain")), std::nullopt);
}

TEST(CalendarNotices, AreNoneForACalendarWithoutYears) {
  EXPECT_TRUE(NoticesOn(2026y / 12 / 31, "").empty());
}

}  // namespace
}  // namespace fansipan::center
