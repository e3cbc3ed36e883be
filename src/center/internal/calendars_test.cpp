#include <gtest/gtest.h>

#include <string>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using model::Date;
using model::SpecialDayKind;
using std::chrono::minutes;

constexpr const char* kCalendars = R"(calendars:
  office:
    week: {thursday: ["07:30-11:30", "13:30-17:00"], friday: ["07:30-11:30"]}
    years:
      2025: {basis: {vi: QĐ 1, en: Decision 1}}
      2026:
        basis: {vi: QĐ 2, en: Decision 2}
        holidays:
          - {day: 2026-01-01, title: {vi: Tết Dương lịch, en: New Year}}
          - {from: 2026-02-16, to: 2026-02-20, title: {vi: Tết, en: Tet}, basis: {vi: TB 3, en: Notice 3}}
        exchanged:
          - {off: 2026-01-02, worked: 2025-12-27}
          - {off: 2026-01-09, worked: 2026-01-10, hours: ["08:00-09:00"]}
        hours:
          - {day: 2026-02-12, hours: ["07:30-10:30"]}
      2027: {basis: {vi: chưa có, en: none yet}, provisional: true}
  branch:
    extends: office
    week: {thursday: [], friday: ["08:00-10:00"]}
    years:
      2026:
        holidays: [{day: 2026-05-08, title: {vi: Ngày lập chi nhánh, en: Founding day}}]
        hours: [{day: 2026-02-20, hours: ["08:00-08:30"]}]
      2028: {basis: {vi: chưa có, en: none yet}, provisional: true}
)";

class Calendars : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::Files files = testing::SampleCenter();
    files["calendars/office.yaml"] = kCalendars;
    const LoadOutcome outcome = LoadCenterFiles(files, testing::PrattParser());
    for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
    ASSERT_NE(outcome.center, nullptr);
    center_ = outcome.center;
  }

  const model::WorkingTimetable& Get(const std::string& name) const {
    return center_->calendars.find(name)->second.timetable;
  }

  minutes WorkedOn(const std::string& name, int year, unsigned month, unsigned day) const {
    const Date date = std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                                            std::chrono::day(day));
    const auto midnight = center_->time_zone.ToUtc(base::LocalTime(date.time_since_epoch()));
    return std::chrono::duration_cast<minutes>(
        Get(name).Between(midnight, midnight + std::chrono::hours(24)).value);
  }

  std::shared_ptr<const Center> center_;
};

TEST_F(Calendars, KnowHolidaysExchangesAndDaysWithHoursOfTheirOwn) {
  EXPECT_EQ(WorkedOn("office", 2026, 1, 1), minutes(0));
  EXPECT_EQ(WorkedOn("office", 2026, 2, 19), minutes(0));
  EXPECT_EQ(WorkedOn("office", 2026, 1, 2), minutes(0));
  EXPECT_EQ(WorkedOn("office", 2025, 12, 27), minutes(240)) << "the hours of the Friday";
  EXPECT_EQ(WorkedOn("office", 2026, 1, 10), minutes(60)) << "hours of its own";
  EXPECT_EQ(WorkedOn("office", 2026, 2, 12), minutes(180));
  EXPECT_EQ(WorkedOn("office", 2026, 2, 26), minutes(450));
}

TEST_F(Calendars, TakeOverWhatTheyDoNotSayThemselves) {
  EXPECT_EQ(WorkedOn("branch", 2026, 2, 26), minutes(0)) << "its Thursdays are free";
  EXPECT_EQ(WorkedOn("branch", 2026, 2, 27), minutes(120));
  EXPECT_EQ(WorkedOn("branch", 2026, 2, 20), minutes(30)) << "its own word on a holiday stands";
  EXPECT_EQ(WorkedOn("branch", 2025, 12, 27), minutes(120)) << "the hours of its own Friday";
  EXPECT_EQ(WorkedOn("branch", 2026, 5, 8), minutes(0));
  EXPECT_EQ(WorkedOn("office", 2026, 5, 8), minutes(240));
  EXPECT_EQ(Get("branch").calendar().extends, "office");
}

TEST_F(Calendars, SayWhichDecisionSetsADay) {
  const auto& days = Get("office").calendar().days;
  const Date tet = std::chrono::sys_days(std::chrono::year(2026) / 2 / 17);
  const Date exchanged = std::chrono::sys_days(std::chrono::year(2025) / 12 / 27);
  EXPECT_EQ(days.at(tet).basis.at("en"), "Notice 3");
  EXPECT_EQ(days.at(exchanged).basis.at("en"), "Decision 2");
  EXPECT_EQ(days.at(exchanged).kind, SpecialDayKind::kExchangedFor);
}

TEST_F(Calendars, CoverTheirDeclaredYearsAndThoseTakenOver) {
  const auto coverage = [this](const std::string& name, int year) {
    const Date day = std::chrono::sys_days(std::chrono::year(year) / 7 / 1);
    return Get(name).CoverageOf(day, day);
  };
  EXPECT_EQ(coverage("office", 2024), model::Coverage::kOutside);
  EXPECT_EQ(coverage("office", 2026), model::Coverage::kDecided);
  EXPECT_EQ(coverage("office", 2027), model::Coverage::kProvisional);
  EXPECT_EQ(coverage("office", 2028), model::Coverage::kOutside);
  EXPECT_EQ(coverage("branch", 2028), model::Coverage::kProvisional);
}

}  // namespace
}  // namespace fansipan::center
