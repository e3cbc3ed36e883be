#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace fansipan::base {
namespace {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

TimeZone Zone(std::string_view name) {
  const Result<TimeZone> zone = TimeZone::Find(name);
  EXPECT_TRUE(zone.ok()) << name;
  return zone.ok() ? *zone : TimeZone::Utc();
}

TEST(TimeZone, IsRefusedWhenItsNameIsUnknown) {
  const Result<TimeZone> zone = TimeZone::Find("Asia/Sa_Pa");
  ASSERT_FALSE(zone.ok());
  EXPECT_EQ(zone.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(zone.error().reason, "unknown_time_zone");
}

TEST(TimeZone, IsSevenHoursAheadInVietnamAllYear) {
  const TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  EXPECT_EQ(zone.name(), "Asia/Ho_Chi_Minh");
  for (unsigned month = 1; month <= 12; ++month) {
    const Timestamp moment = sys_days(year(2026) / static_cast<int>(month) / 1);
    EXPECT_EQ(zone.OffsetAt(moment), hours(7));
    EXPECT_EQ(zone.ToUtc(zone.ToLocal(moment)), moment);
  }
}

TEST(TimeZone, KeepsPartsOfSeconds) {
  const TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  const Timestamp moment = sys_days(year(2026) / 11 / 23) + hours(20) + milliseconds(789);
  const LocalTime local = local_days(year(2026) / 11 / 24) + hours(3) + milliseconds(789);
  EXPECT_EQ(zone.ToLocal(moment), local);
  EXPECT_EQ(zone.ToUtc(local), moment);
}

TEST(TimeZone, TakesTheMomentOfTheChangeForASkippedTime) {
  const TimeZone zone = Zone("Europe/Amsterdam");
  const auto day = local_days(year(2012) / 3 / 25);
  const Timestamp change = sys_days(year(2012) / 3 / 25) + hours(1);
  EXPECT_EQ(zone.ToUtc(day + hours(2) + minutes(30)), change);
  EXPECT_EQ(zone.ToUtc(day + hours(3)), change);
}

TEST(TimeZone, TakesTheFirstOfTwoMomentsForARepeatedTime) {
  const TimeZone zone = Zone("Europe/Amsterdam");
  const LocalTime local = local_days(year(2012) / 10 / 28) + hours(2) + minutes(30);
  EXPECT_EQ(zone.ToUtc(local), sys_days(year(2012) / 10 / 28) + minutes(30));
}

TEST(TimeZone, IsUtcWithoutAnOffset) {
  const Timestamp moment = sys_days(year(2026) / 7 / 1);
  EXPECT_EQ(TimeZone::Utc().OffsetAt(moment).count(), 0);
}

}  // namespace
}  // namespace fansipan::base
