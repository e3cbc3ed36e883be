#include "model/regime.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/period.h"

namespace fansipan::model {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::month_day;

constexpr auto kJanuary = std::chrono::January;
constexpr auto kDecember = std::chrono::December;

local_days Day(int year, unsigned month, unsigned day) {
  return local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

PeriodKind Months(const std::string& name, int months, bool cumulative = false) {
  PeriodKind kind;
  kind.name = name;
  kind.months = months;
  kind.cumulative = cumulative;
  kind.title = {{"en", name}};
  kind.label = {{"en", name + " {number} ({roman}) of {year}, {months} months"}};
  return kind;
}

PeriodPart Part(const std::string& name, month_day from) {
  return {name, {{"en", "the " + name}}, from};
}

/// Reports of administrative agencies: from the 15th to the 14th.
std::shared_ptr<const Regime> Reporting() {
  const Regime::Year year{kDecember / 15, true};
  return std::make_shared<const Regime>(
      "reporting", LocalizedText{{"en", "Reporting"}}, LocalizedText{{"en", "A decree"}}, year,
      std::vector<PeriodKind>{Months("month", 1), Months("quarter", 3), Months("half_year", 6),
                              Months("nine_months", 9, true), Months("year", 12)});
}

/// Payments of a budget year are taken until 31 January of the next.
std::shared_ptr<const Regime> Budget() {
  const Regime::Year year{std::chrono::February / 1, false};
  return std::make_shared<const Regime>(
      "budget", LocalizedText{{"en", "Budget"}}, LocalizedText{}, year,
      std::vector<PeriodKind>{Months("month", 1), Months("year", 12), Months("to_date", 1, true)});
}

std::shared_ptr<const Regime> School() {
  PeriodKind stage;
  stage.name = "stage";
  stage.tiling = Tiling::kParts;
  stage.label = {{"en", "{part} of {year}-{next_year}"}};
  stage.parts = {Part("teaching", std::chrono::September / 1),
                 Part("summer", std::chrono::June / 1)};
  const Regime::Year year{std::chrono::September / 1, false};
  return std::make_shared<const Regime>("school", LocalizedText{{"en", "School"}}, LocalizedText{},
                                        year, std::vector<PeriodKind>{stage, Months("year", 12)});
}

/// Parts around the leap day, four and two months, a year named after its end.
std::shared_ptr<const Regime> Fiscal() {
  PeriodKind season;
  season.name = "season";
  season.tiling = Tiling::kParts;
  season.label = {{"en", "{part}"}};
  season.parts = {Part("dry", std::chrono::October / 1), Part("late_dry", std::chrono::March / 1),
                  Part("wet", std::chrono::May / 31)};
  const Regime::Year year{std::chrono::October / 1, true};
  return std::make_shared<const Regime>(
      "fiscal", LocalizedText{{"en", "Fiscal"}}, LocalizedText{}, year,
      std::vector<PeriodKind>{season, Months("third", 4), Months("pair", 2), Months("year", 12)});
}

Regimes All() { return {Reporting(), Budget(), School(), Fiscal()}; }

Period Read(const Regimes& regimes, std::string_view text) {
  const auto period = ParsePeriod(text, regimes);
  EXPECT_TRUE(period.ok()) << text << ": " << (period.ok() ? "" : period.error().message);
  return period.ok() ? *period : Period();
}

void ExpectSpan(std::string_view text, local_days from, local_days last) {
  const Regimes regimes = All();
  const Period period = Read(regimes, text);
  EXPECT_EQ(period.from, from) << text;
  EXPECT_EQ(period.to, last + days(1)) << text;
  EXPECT_EQ(ToText(period), text);
}

TEST(Regime, CountsTheDecreesPeriodsFromThe15thToThe14th) {
  ExpectSpan("reporting:2026", Day(2025, 12, 15), Day(2026, 12, 14));
  ExpectSpan("reporting:2026-01", Day(2025, 12, 15), Day(2026, 1, 14));
  ExpectSpan("reporting:2026-03", Day(2026, 2, 15), Day(2026, 3, 14));
  ExpectSpan("reporting:2026-12", Day(2026, 11, 15), Day(2026, 12, 14));
  ExpectSpan("reporting:2026-Q1", Day(2025, 12, 15), Day(2026, 3, 14));
  ExpectSpan("reporting:2026-Q2", Day(2026, 3, 15), Day(2026, 6, 14));
  ExpectSpan("reporting:2026-H1", Day(2025, 12, 15), Day(2026, 6, 14));
  ExpectSpan("reporting:2026-9M", Day(2025, 12, 15), Day(2026, 9, 14));
}

TEST(Regime, TakesABudgetYearsPaymentsUntil31January) {
  ExpectSpan("budget:2026", Day(2026, 2, 1), Day(2027, 1, 31));
  ExpectSpan("budget:2026-12", Day(2027, 1, 1), Day(2027, 1, 31));
  ExpectSpan("budget:2026-12M", Day(2026, 2, 1), Day(2027, 1, 31));
  ExpectSpan("budget:2027-1M", Day(2027, 2, 1), Day(2027, 2, 28));
}

TEST(Regime, HasPartsThatAreDeclaredOneByOne) {
  ExpectSpan("school:2026", Day(2026, 9, 1), Day(2027, 8, 31));
  ExpectSpan("school:2026-teaching", Day(2026, 9, 1), Day(2027, 5, 31));
  ExpectSpan("school:2026-summer", Day(2027, 6, 1), Day(2027, 8, 31));
  ExpectSpan("fiscal:2028-dry", Day(2027, 10, 1), Day(2028, 2, 29));
  ExpectSpan("fiscal:2027-dry", Day(2026, 10, 1), Day(2027, 2, 28));
  ExpectSpan("fiscal:2027-T3", Day(2027, 6, 1), Day(2027, 9, 30));
  ExpectSpan("fiscal:2027-B6", Day(2027, 8, 1), Day(2027, 9, 30));
}

TEST(Regime, OfTheCalendarHasItsNameToo) {
  const Regimes regimes = All();
  EXPECT_EQ(Read(regimes, "calendar:2026-Q4"), Read(regimes, "2026-Q4"));
  EXPECT_EQ(ToText(Read(regimes, "calendar:2026-11-23T14")), "2026-11-23T14");
}

TEST(Regime, RefusesWhatIsNoPeriodOfIt) {
  const Regimes regimes = All();
  for (const std::string_view text :
       {"reporting:", "reporting:26", "reporting:2026-13", "reporting:2026-00", "reporting:2026-Q5",
        "reporting:2026-3M", "reporting:2026-W01", "reporting:2026-06-15", "reporting:2026-06 ",
        "school:2026-06", "school:2026-holidays", "budget:2026-Q1", "budget:2026-13M",
        "no_regime:2026", ":2026", "reporting:1599", "2026-teaching"}) {
    const auto period = ParsePeriod(text, regimes);
    ASSERT_FALSE(period.ok()) << text;
    EXPECT_EQ(period.error().reason, "unknown_period");
  }
  EXPECT_NE(ParsePeriod("reporting:2026-13", regimes).error().message.find("reporting:2026-9M"),
            std::string::npos);
  EXPECT_NE(ParsePeriod("no_regime:2026", regimes).error().message.find("calendar, reporting"),
            std::string::npos);
}

void ExpectNeighbours(const Regimes& regimes, const Period& period) {
  const Period next = Shift(period, 1);
  ASSERT_EQ(Read(regimes, ToText(period)), period);
  ASSERT_EQ(Shift(next, -1), period);
  ASSERT_EQ(Shift(Shift(period, 31), -31), period);
  ASSERT_EQ(Shift(period, 0), period);
  const Period earlier = SamePeriodLastYear(period);
  ASSERT_EQ(earlier.kind, period.kind);
  ASSERT_EQ(earlier.regime, period.regime);
  ASSERT_EQ(earlier, Shift(period, -Regime::PeriodsPerYear(*period.kind)));
}

// Walks every day of years with and without a leap day through every kind of every regime.
TEST(Regime, TilesTimeWithoutGapOrOverlap) {
  const Regimes regimes = All();
  for (const auto& regime : regimes) {
    for (const PeriodKind& kind : regime->kinds()) {
      if (kind.cumulative) continue;
      for (local_days day = Day(2019, 11, 1); day < Day(2029, 2, 1); day += days(1)) {
        const base::LocalTime moment = day + hours(13);
        const Period period = PeriodContaining(*regime, kind, moment);
        ASSERT_LE(period.from, moment);
        ASSERT_LT(moment, period.to);
        ASSERT_EQ(PeriodContaining(*regime, kind, period.from), period);
        ASSERT_EQ(PeriodContaining(*regime, kind, period.to - base::Duration(1)), period);
        ASSERT_EQ(Shift(period, 1), PeriodContaining(*regime, kind, period.to));
        ASSERT_EQ(Shift(period, 1).from, period.to) << ToText(period);
        ASSERT_LE(YearStart(period), period.from);
        ExpectNeighbours(regimes, period);
      }
    }
  }
}

TEST(Regime, HasItsCumulativePeriodsInsideOfItsYears) {
  const Regimes regimes = All();
  for (const auto& regime : regimes) {
    const PeriodKind& whole = *regime->FindKind("year");
    for (const PeriodKind& kind : regime->kinds()) {
      if (!kind.cumulative) continue;
      for (local_days day = Day(2019, 11, 1); day < Day(2029, 2, 1); day += days(1)) {
        const Period year = PeriodContaining(*regime, whole, day);
        const Period period = PeriodContaining(*regime, kind, day);
        ASSERT_EQ(period.from, year.from);
        ASSERT_LE(period.to, year.to);
        const bool reaches = day < period.to;
        ASSERT_TRUE(reaches || Shift(period, 1).from == year.to) << ToText(period);
        ExpectNeighbours(regimes, period);
      }
    }
  }
}

TEST(Regime, KeepsAPeriodExtendedToItsYearsStartExtended) {
  const Regimes regimes = All();
  const Period june = ExtendedToYearStart(Read(regimes, "reporting:2026-06"));
  EXPECT_EQ(june.from, Day(2025, 12, 15));
  EXPECT_EQ(june.to, Day(2026, 6, 15));
  EXPECT_EQ(Shift(june, -6), ExtendedToYearStart(Read(regimes, "reporting:2025-12")));
  EXPECT_EQ(SamePeriodLastYear(june), ExtendedToYearStart(Read(regimes, "reporting:2025-06")));
  const Period week = ExtendedToYearStart(Read(regimes, "2026-W48"));
  EXPECT_EQ(Shift(week, -1), ExtendedToYearStart(Read(regimes, "2026-W47")));
}

TEST(Regime, IsToldApartFromOneOfTheSameName) {
  EXPECT_FALSE(Read(All(), "reporting:2026") == Read(All(), "2026"));
  const Regimes regimes = All();
  EXPECT_EQ(FindRegime(regimes, "school"), regimes[2].get());
  EXPECT_EQ(FindRegime(regimes, "calendar"), &Regime::Calendar());
  EXPECT_EQ(FindRegime(regimes, "none"), nullptr);
  EXPECT_EQ(Regime::Calendar().year().from, kJanuary / 1);
}

TEST(Label, IsFilledFromThePeriod) {
  const Regimes regimes = All();
  const auto english = [&](std::string_view text) {
    return std::string(TextIn(LabelOf(Read(regimes, text)), "en"));
  };
  EXPECT_EQ(english("reporting:2026-Q2"), "quarter 2 (II) of 2026, 3 months");
  EXPECT_EQ(english("reporting:2026-9M"), "nine_months 1 (I) of 2026, 9 months");
  EXPECT_EQ(english("budget:2026-4M"), "to_date 4 (IV) of 2026, 4 months");
  EXPECT_EQ(english("reporting:2026-09"), "month 9 (IX) of 2026, 1 months");
  EXPECT_EQ(english("school:2026-summer"), "the summer of 2026-2027");
}

TEST(Label, OfTheCalendarIsVietnameseAndEnglish) {
  const auto label = [](std::string_view text, std::string_view language) {
    return std::string(TextIn(LabelOf(*ParsePeriod(text)), language));
  };
  EXPECT_EQ(label("2026-11-23T14", "vi"), "14 giờ ngày 23/11/2026");
  EXPECT_EQ(label("2026-11-23T04", "en"), "23 November 2026, 04:00");
  EXPECT_EQ(label("2026-11-23", "vi"), "Ngày 23/11/2026");
  EXPECT_EQ(label("2026-11-23", "en"), "23 November 2026");
  EXPECT_EQ(label("2026-W53", "vi"), "Tuần 53/2026");
  EXPECT_EQ(label("2026-11", "vi"), "Tháng 11/2026");
  EXPECT_EQ(label("2026-11", "en"), "November 2026");
  EXPECT_EQ(label("2026-Q4", "vi"), "Quý IV/2026");
  EXPECT_EQ(label("2026", "en"), "Year 2026");
}

}  // namespace
}  // namespace fansipan::model
