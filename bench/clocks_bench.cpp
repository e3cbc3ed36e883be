#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "bench/benches.h"
#include "bench/case_clocks.h"
#include "bench/report.h"
#include "model/working_timetable.h"

namespace fansipan::bench {
namespace {

using base::Duration;
using base::Timestamp;
using model::Date;
using model::WorkingTimetable;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr double kCases = 10'000'000;
constexpr int kFirstYear = 2024;
constexpr int kYears = 4;
constexpr std::size_t kPeerShare = 100;  // one case in so many

/// A case as its clock sees it.
struct Case {
  Timestamp received;
  Timestamp finished;
  model::Pause pause;
  std::int64_t term = 0;  ///< working days
};

Date FirstDay() { return std::chrono::sys_days(std::chrono::year(kFirstYear) / 1 / 1); }

/// Office hours; in each year ten holidays, and a Friday exchanged for a Saturday.
model::WorkingCalendar OfficeCalendar() {
  model::WorkingCalendar calendar{.name = "office", .week = {}};
  for (std::size_t day = 0; day < 5; ++day) calendar.week[day] = {{450, 690}, {810, 1020}};
  for (int year = kFirstYear; year < kFirstYear + kYears; ++year) {
    calendar.years[year] = {};
    const Date first = std::chrono::sys_days(std::chrono::year(year) / 1 / 1);
    for (const int day : {0, 46, 47, 48, 49, 50, 115, 119, 120, 244}) {
      calendar.days[first + days(day)] = {};
    }
    const Date friday =
        first + days(180) + (std::chrono::Friday - std::chrono::weekday(first + days(180)));
    calendar.days[friday] = {.kind = model::SpecialDayKind::kExchangedOff,
                             .other = friday + days(1)};
    calendar.days[friday + days(1)] = {.kind = model::SpecialDayKind::kExchangedFor,
                                       .other = friday};
  }
  return calendar;
}

std::vector<Case> MakeCases(std::size_t count) {
  std::mt19937_64 random(20'261'123);
  const auto below = [&random](std::uint64_t bound) {
    return static_cast<std::int64_t>(random() % bound);
  };
  std::vector<Case> cases(count);
  for (Case& made : cases) {
    made.received = Timestamp(FirstDay()) + minutes(below((kYears - 1) * 365 * 24 * 60));
    made.finished = made.received + minutes(below(60 * 24 * 60));
    const Timestamp from = made.received + minutes(below(20 * 24 * 60));
    made.pause = {from, from + minutes(below(10 * 24 * 60))};
    made.term = 1 + below(30);
  }
  return cases;
}

/// The plain way: every day from the first to the last, as its calendar has it.
Duration WalkDays(const model::WorkingCalendar& calendar, const base::TimeZone& zone,
                  Timestamp from, Timestamp to) {
  const Duration first = zone.ToLocal(from).time_since_epoch();
  const Duration last = zone.ToLocal(to).time_since_epoch();
  Duration worked{0};
  for (auto day = std::chrono::floor<days>(first); day < last; day += days(1)) {
    for (const model::WorkingSpan& span : calendar.HoursOf(Date(day))) {
      const Duration begin = std::max<Duration>(first, day + minutes(span.from_minute));
      const Duration end = std::min<Duration>(last, day + minutes(span.to_minute));
      worked += std::max(end - begin, Duration(0));
    }
  }
  return worked;
}

/// Asks `ask` about every `step`-th case. Answers are added up, so that none is left out.
template <typename Ask>
double SecondsFor(const std::vector<Case>& cases, std::size_t step, std::int64_t& sum, Ask ask) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < cases.size(); i += step) sum += ask(cases[i]);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class Clocks {
 public:
  Clocks(const std::vector<Case>& cases, Report& report) : cases_(cases), report_(report) {}

  void Measure(const base::TimeZone& zone) {
    const model::WorkingCalendar calendar = OfficeCalendar();
    const WorkingTimetable table(calendar, zone);
    const auto peer = [&](const Case& asked) {
      return WalkDays(calendar, zone, asked.received, asked.finished).count();
    };
    const double walked =
        SecondsFor(cases_, kPeerShare, sum_, peer) * static_cast<double>(kPeerShare);
    Add(
        "working time between two moments, " + zone.name(),
        [&table](const Case& asked) {
          return table.Between(asked.received, asked.finished).value.count();
        },
        fmt::format("day by day: {} (from a {}th of the cases)", NumberText(walked, "s"),
                    kPeerShare));
    Add("the same less a pause, " + zone.name(), [&table](const Case& asked) {
      return table.Between(asked.received, asked.finished, {&asked.pause, 1}).value.count();
    });
    Add("the moment after an amount of working time, " + zone.name(), [&table](const Case& asked) {
      return table.After(asked.received, hours(asked.term)).value.time_since_epoch().count();
    });
    Add("due after working days, " + zone.name(), [&table](const Case& asked) {
      return table.DueAfterWorkingDays(asked.received, asked.term).value.time_since_epoch().count();
    });
  }

  std::int64_t sum() const { return sum_; }

 private:
  template <typename Ask>
  void Add(const std::string& figure, Ask ask, const std::string& peer = "") {
    const double seconds = SecondsFor(cases_, 1, sum_, ask);
    report_.AddFigure(figure,
                      fmt::format("{}, {:.0f} ns each", NumberText(seconds, "s"),
                                  seconds * 1e9 / static_cast<double>(cases_.size())),
                      "", peer);
  }

  const std::vector<Case>& cases_;
  Report& report_;
  std::int64_t sum_ = 0;
};

}  // namespace

base::Status RunClocks(const Settings& settings) {
  const auto count = static_cast<std::size_t>(kCases * settings.scale);
  const std::vector<Case> cases = MakeCases(count);
  Report report("clocks", settings);
  report.AddSetting("cases", fmt::format("{}, received over {} years, taking up to 60 days, one "
                                         "pause of up to 10 days each",
                                         count, kYears - 1));
  report.AddSetting("way", "one thread, one question after the other, nothing kept between them");
  Clocks clocks(cases, report);
  for (const char* name : {"Asia/Ho_Chi_Minh", "Europe/Amsterdam"}) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto zone, base::TimeZone::Find(name));
    clocks.Measure(zone);
  }
  report.AddSetting("sum of all answers", std::to_string(clocks.sum()));
  FANSIPAN_RETURN_IF_ERROR(MeasureCaseClocks(count, report));
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
