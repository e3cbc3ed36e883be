#include "simulation/case_system.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/files.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

using Rows = std::vector<CaseRow>;

// 2026-11-23 is a Monday; 03:00 UTC is 10:00 in Lào Cai.
const base::Timestamp kNow = sys_days(2026y / 11 / 23) + hours(3);

const base::TimeZone& Zone() {
  static const base::TimeZone zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value();
  return zone;
}

const Places& SamplePlaces() {
  static const Places places = [] {
    base::PosixFileSystem files;
    return LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value();
  }();
  return places;
}

Rows History(const CaseSystemOptions& options, days span) {
  CaseSystem cases(SamplePlaces(), options, Zone());
  cases.Start(kNow - span);
  return cases.Take(kNow, 10'000'000);
}

/// Sixty days with the options nobody changed.
const Rows& SampleHistory() {
  static const Rows rows = History({}, days(60));
  return rows;
}

/// Without anything that goes wrong on the way.
CaseSystemOptions Faultless() {
  return {.cases_per_day = 100,
          .correction_rate = 0,
          .repeat_rate = 0,
          .disorder_rate = 0,
          .bad_rate = 0};
}

struct LocalMoment {
  unsigned weekday = 0;  // Monday is 1
  int minute = 0;        // of the day
};

LocalMoment Local(base::Timestamp moment) {
  const base::LocalTime local = Zone().ToLocal(moment);
  const auto day = std::chrono::floor<days>(local);
  return {std::chrono::weekday(day).iso_encoding(),
          static_cast<int>(std::chrono::floor<minutes>(local - day).count())};
}

bool IsOfficeTime(base::Timestamp moment) {
  const auto [weekday, minute] = Local(moment);
  const bool is_morning = minute >= 7 * 60 + 30 && minute <= 11 * 60 + 30;
  const bool is_afternoon = minute >= 13 * 60 + 30 && minute <= 17 * 60;
  return weekday <= 5 && (is_morning || is_afternoon);
}

using Version = std::pair<std::string, base::Timestamp>;

Version VersionOf(const CaseRow& row) { return {row.case_number, row.updated_at}; }

/// The good rows of each case by the moment of the version.
std::map<std::string, std::map<base::Timestamp, CaseRow>> CasesOf(const Rows& rows) {
  std::map<std::string, std::map<base::Timestamp, CaseRow>> cases;
  for (const CaseRow& row : rows) {
    if (row.defect == Defect::kNone) cases[row.case_number].emplace(row.updated_at, row);
  }
  return cases;
}

TEST(CaseSystem, GivesTheSameRowsForTheSameSeed) {
  CaseSystemOptions options{.cases_per_day = 50};
  const Rows first = History(options, days(10));
  EXPECT_EQ(first, History(options, days(10)));
  options.seed = 2;
  EXPECT_NE(first, History(options, days(10)));
}

TEST(CaseSystem, GivesTheSameRowsInPieces) {
  const CaseSystemOptions options{.cases_per_day = 50};
  CaseSystem cases(SamplePlaces(), options, Zone());
  cases.Start(kNow - days(10));
  Rows pieces;
  for (base::Timestamp until = kNow - days(10); until <= kNow; until += hours(1)) {
    while (true) {
      const Rows rows = cases.Take(until, 7);
      pieces.insert(pieces.end(), rows.begin(), rows.end());
      if (rows.size() < 7) break;
    }
  }
  EXPECT_EQ(pieces, History(options, days(10)));
}

TEST(CaseSystem, GivesTheSameCasesWhereverTheHistoryBegins) {
  const CaseSystemOptions options{.cases_per_day = 50};
  const auto recent = [](Rows rows) {
    std::erase_if(rows, [](const CaseRow& row) { return row.received_at < kNow - days(9); });
    std::sort(rows.begin(), rows.end(), [](const CaseRow& left, const CaseRow& right) {
      return std::tuple(VersionOf(left), left.defect) < std::tuple(VersionOf(right), right.defect);
    });
    return rows;
  };
  EXPECT_EQ(recent(History(options, days(10))), recent(History(options, days(30))));
}

TEST(CaseSystem, FilesAboutTwentyThousandCasesInSixtyDays) {
  std::set<std::string> numbers;
  for (const CaseRow& row : SampleHistory()) numbers.insert(row.case_number);
  EXPECT_GT(numbers.size(), 18'000U);
  EXPECT_LT(numbers.size(), 22'000U);
}

TEST(CaseSystem, GivesRowsOfThePastOnly) {
  for (const CaseRow& row : SampleHistory()) {
    ASSERT_LE(row.updated_at, kNow);
    ASSERT_GE(row.received_at, kNow - days(61));
  }
}

TEST(CaseSystem, FilesAtCountersAndActsInOfficeHoursOnly) {
  std::size_t checked = 0;
  for (const auto& [number, versions] : CasesOf(History(Faultless(), days(30)))) {
    CaseStatus before = CaseStatus::kNewlyRegistered;
    for (const auto& [at, row] : versions) {
      const bool by_applicant = before == CaseStatus::kSupplementRequested ||
                                before == CaseStatus::kFinancialObligationRequested ||
                                row.status == CaseStatus::kNewlyRegistered ||
                                row.status == CaseStatus::kWithdrawn;
      before = row.status;
      if (by_applicant && row.channel == Channel::kOnline) continue;
      ASSERT_TRUE(IsOfficeTime(at)) << number << " " << static_cast<int>(row.status);
      ++checked;
    }
  }
  EXPECT_GT(checked, 5'000U);
}

TEST(CaseSystem, TakesOnlineCasesInTheEveningAndAtWeekendsToo) {
  int in_the_evening = 0;
  int at_weekends = 0;
  for (const auto& [number, versions] : CasesOf(SampleHistory())) {
    const auto [weekday, minute] = Local(versions.begin()->second.received_at);
    if (weekday >= 6) {
      ++at_weekends;
      ASSERT_EQ(versions.begin()->second.channel, Channel::kOnline);
    }
    if (minute >= 18 * 60) ++in_the_evening;
  }
  EXPECT_GT(in_the_evening, 1'000);
  EXPECT_GT(at_weekends, 300);
}

TEST(CaseSystem, HasItsPeakOnMondayMornings) {
  std::map<unsigned, int> mornings;
  for (const auto& [number, versions] : CasesOf(SampleHistory())) {
    const CaseRow& row = versions.begin()->second;
    const auto [weekday, minute] = Local(row.received_at);
    if (row.channel == Channel::kCounter && minute < 12 * 60) ++mornings[weekday];
  }
  for (unsigned weekday = 2; weekday <= 5; ++weekday) EXPECT_GT(mornings[1], mornings[weekday]);
}

TEST(CaseSystem, FilesMoreAtTheEndOfAMonth) {
  std::map<base::LocalTime, double> by_day;
  for (const auto& [number, versions] : CasesOf(SampleHistory())) {
    by_day[std::chrono::floor<days>(Zone().ToLocal(versions.begin()->second.received_at))] += 1;
  }
  // Thursday 29 October lies in the last three days of its month, the other Thursdays do not.
  const auto on = [&](auto date) { return by_day[std::chrono::local_days(date)]; };
  const double usual = (on(2026y / 10 / 8) + on(2026y / 10 / 15) + on(2026y / 11 / 12)) / 3;
  EXPECT_GT(on(2026y / 10 / 29), usual * 1.1);
}

TEST(CaseSystem, LetsAFewCommunesBeLaterThanOthers) {
  const CaseSystem cases(SamplePlaces(), {}, Zone());
  const std::set<std::string> late = cases.LateCommunes();
  EXPECT_GE(late.size(), 2U);
  EXPECT_LE(late.size(), 8U);
  std::map<std::string, bool> is_late_office;
  for (const Commune& commune : SamplePlaces().communes) {
    is_late_office[commune.agency_code] = late.contains(commune.code);
  }
  std::array<int, 2> finished{};
  std::array<int, 2> overdue{};
  for (const auto& [number, versions] : CasesOf(SampleHistory())) {
    const CaseRow& row = versions.rbegin()->second;
    const auto office = is_late_office.find(row.agency_code);
    const bool is_finished =
        row.status == CaseStatus::kProcessed || row.status == CaseStatus::kResultReturned;
    if (office == is_late_office.end() || !is_finished) continue;
    ++finished[office->second];
    if (*row.closed_at > row.due_at) ++overdue[office->second];
  }
  ASSERT_GT(finished[1], 100);
  EXPECT_GT(overdue[1] * 100, finished[1] * 15);  // above 15 %
  EXPECT_LT(overdue[0] * 100, finished[0] * 5);   // below 5 %
}

TEST(CaseSystem, ChangesStatusesAlongLegalWaysOnly) {
  using S = CaseStatus;
  const std::map<S, std::set<S>> legal = {
      {S::kNewlyRegistered, {S::kAccepted, S::kNotAccepted, S::kWithdrawn}},
      {S::kAccepted, {S::kProcessing}},
      {S::kProcessing,
       {S::kSupplementRequested, S::kFinancialObligationRequested, S::kStopped, S::kProcessed}},
      {S::kSupplementRequested, {S::kProcessing, S::kWithdrawn, S::kStopped}},
      {S::kFinancialObligationRequested, {S::kProcessing, S::kWithdrawn}},
      {S::kProcessed, {S::kResultReturned}},
      {S::kNotAccepted, {}},
      {S::kWithdrawn, {}},
      {S::kStopped, {}},
      {S::kResultReturned, {}}};
  std::set<S> seen;
  for (const auto& [number, versions] : CasesOf(History(Faultless(), days(60)))) {
    ASSERT_EQ(versions.begin()->second.status, S::kNewlyRegistered);
    const CaseRow* before = nullptr;
    for (const auto& [at, row] : versions) {
      if (before != nullptr) {
        ASSERT_TRUE(legal.at(before->status).contains(row.status))
            << static_cast<int>(before->status) << " to " << static_cast<int>(row.status);
      }
      before = &row;
      seen.insert(row.status);
    }
  }
  EXPECT_EQ(seen.size(), 10U);
}

TEST(CaseSystem, ClosesACaseExactlyWhenItHasEnded) {
  for (const CaseRow& row : SampleHistory()) {
    const bool has_ended =
        row.status == CaseStatus::kNotAccepted || row.status == CaseStatus::kWithdrawn ||
        row.status == CaseStatus::kStopped || row.status == CaseStatus::kProcessed ||
        row.status == CaseStatus::kResultReturned;
    ASSERT_EQ(row.closed_at.has_value(), has_ended);
    ASSERT_GE(row.due_at, row.received_at);
    ASSERT_TRUE(!row.closed_at || *row.closed_at >= row.received_at);
  }
}

TEST(CaseSystem, MovesTheDeadlineWhileTheApplicantIsToAct) {
  int resumed = 0;
  for (const auto& [number, versions] : CasesOf(History(Faultless(), days(60)))) {
    const CaseRow* before = nullptr;
    for (const auto& [at, row] : versions) {
      if (before != nullptr && before->status == CaseStatus::kSupplementRequested &&
          row.status == CaseStatus::kProcessing) {
        ASSERT_GE(row.due_at, before->due_at);
        ++resumed;
      } else if (before != nullptr && before->status == CaseStatus::kAccepted) {
        ASSERT_EQ(row.due_at, before->due_at);
      }
      before = &row;
    }
  }
  EXPECT_GT(resumed, 50);
}

TEST(CaseSystem, NeverDatesTwoDifferentVersionsOfACaseAlike) {
  std::map<Version, CaseRow> versions;
  for (CaseRow row : SampleHistory()) {
    row.defect = Defect::kNone;
    const auto [kept, is_new] = versions.emplace(VersionOf(row), row);
    ASSERT_TRUE(is_new || kept->second == row) << row.case_number;
  }
}

TEST(CaseSystem, SpoilsRowsAtTheDeclaredRate) {
  std::map<Defect, int> defects;
  for (const CaseRow& row : SampleHistory()) ++defects[row.defect];
  const double all = static_cast<double>(SampleHistory().size());
  const double bad = all - defects[Defect::kNone];
  EXPECT_NEAR(bad / all, 0.005, 0.001);
  EXPECT_EQ(defects.size(), static_cast<std::size_t>(kDefects) + 1);  // each of them occurs
  const Rows without = History({.cases_per_day = 50, .bad_rate = 0}, days(20));
  EXPECT_TRUE(std::all_of(without.begin(), without.end(),
                          [](const CaseRow& row) { return row.defect == Defect::kNone; }));
}

TEST(CaseSystem, RepeatsRowsAtTheDeclaredRate) {
  std::set<Version> seen;
  double repeats = 0;
  double good = 0;
  for (const CaseRow& row : SampleHistory()) {
    if (row.defect != Defect::kNone) continue;
    ++good;
    if (!seen.insert(VersionOf(row)).second) ++repeats;
  }
  EXPECT_NEAR(repeats / good, 0.01, 0.002);
}

TEST(CaseSystem, SendsVersionsOutOfOrderAtTheDeclaredRate) {
  CaseSystemOptions options{.repeat_rate = 0, .bad_rate = 0};
  std::map<std::string, base::Timestamp> newest;
  double followed = 0;  // versions with a later one
  double out_of_order = 0;
  for (const CaseRow& row : History(options, days(60))) {
    const auto [kept, is_first] = newest.emplace(row.case_number, row.updated_at);
    if (is_first) continue;
    ++followed;
    if (row.updated_at < kept->second) ++out_of_order;
    kept->second = std::max(kept->second, row.updated_at);
  }
  EXPECT_NEAR(out_of_order / followed, 0.01, 0.002);
}

TEST(CaseSystem, CorrectsFieldsWithoutChangingTheStatus) {
  CaseSystemOptions options = Faultless();
  options.correction_rate = 0.02;
  int corrections = 0;
  int versions_seen = 0;
  std::set<std::string> communes_changed;
  for (const auto& [number, versions] : CasesOf(History(options, days(60)))) {
    const CaseRow* before = nullptr;
    for (const auto& [at, row] : versions) {
      ++versions_seen;
      if (before != nullptr && before->status == row.status) {
        ++corrections;
        ASSERT_TRUE(before->commune_code != row.commune_code || before->fee != row.fee ||
                    before->digitisation != row.digitisation);
        if (before->commune_code != row.commune_code) communes_changed.insert(number);
      }
      before = &row;
    }
  }
  EXPECT_GT(corrections * 100, versions_seen);  // above 1 %: some find no room before the next
  EXPECT_LT(corrections * 100, versions_seen * 2.2);
  EXPECT_FALSE(communes_changed.empty());
}

TEST(CaseSystem, FilesNothingWithoutCases) {
  EXPECT_TRUE(History({.cases_per_day = 0}, days(10)).empty());
}

TEST(CaseSystem, GivesAnEvenStreamAtAnyHour) {
  CaseSystem cases(SamplePlaces(), {}, Zone());
  const base::Timestamp midnight = kNow + hours(14);
  Rows all;
  for (int second = 0; second < 60; ++second) {
    const Rows rows = cases.TakeEven(midnight + std::chrono::seconds(second), 200);
    ASSERT_EQ(rows.size(), 200U);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  std::map<Version, CaseRow> versions;
  std::set<CaseStatus> statuses;
  int late = 0;
  for (CaseRow row : all) {
    row.defect = Defect::kNone;
    const auto [kept, is_new] = versions.emplace(VersionOf(row), row);
    ASSERT_TRUE(is_new || kept->second == row);
    ASSERT_LE(row.received_at, row.updated_at);
    ASSERT_GE(row.updated_at, midnight);
    ASSERT_LT(row.updated_at, midnight + minutes(2));
    statuses.insert(row.status);
    if (row.closed_at && *row.closed_at > row.due_at) ++late;
  }
  EXPECT_EQ(statuses.size(), 10U);
  EXPECT_GT(late, 20);
}

TEST(CaseSystem, GoesOnWithItsCasesInAnEvenStream) {
  CaseSystem cases(SamplePlaces(), {}, Zone());
  cases.Start(kNow - days(5));
  std::set<std::string> known;
  for (const CaseRow& row : cases.Take(kNow, 1'000'000)) known.insert(row.case_number);
  const Rows even = cases.TakeEven(kNow + minutes(1), 500);
  EXPECT_TRUE(std::any_of(even.begin(), even.end(), [&](const CaseRow& row) {
    return known.contains(row.case_number) && row.updated_at > kNow;
  }));
  for (const CaseRow& row : even) {
    ASSERT_LE(row.received_at, kNow + minutes(2));
    ASSERT_LE(row.updated_at, kNow + minutes(2));
  }
}

}  // namespace
}  // namespace fansipan::simulation
