#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/text.h"

namespace fansipan::model {

/// How the periods of a kind lie in time.
enum class Tiling {
  kHours,     ///< hours of the clock; the calendar alone
  kDays,      ///< the calendar alone
  kIsoWeeks,  ///< Monday first; the calendar alone
  kMonths,    ///< so many months each, from the start of the regime's year on
  kParts      ///< stretches of the regime's year that are declared one by one
};

/// A stretch of the regime's year; it ends where the next one begins.
struct PeriodPart {
  std::string name;  ///< in the period's text: "school:2026-summer"
  LocalizedText title;
  std::chrono::month_day from;
};

/// When a report for a period falls due: so many working days after the period's last day.
struct DueRule {
  int working_days = 0;
  std::string calendar;  ///< name of a working calendar of the center
  LocalizedText basis;   ///< the decision that sets it
};

/// One kind of period of a regime. Periods of a kind tile time, each beginning where the one before
/// ends; those of a cumulative kind all begin with their year and lie in it.
struct PeriodKind {
  std::string name;
  LocalizedText title;
  /// How a period is written for a reader, with marks in braces: see kLabelMarks.
  LocalizedText label;
  Tiling tiling = Tiling::kMonths;
  int months = 12;  ///< kMonths: of one period, or the step of a cumulative kind
  bool cumulative = false;
  std::vector<PeriodPart> parts;  ///< kParts: the first begins with the year
  std::optional<DueRule> due;
};

/// What a label may name: the regime's year and the one after it, the period's number in its year
/// in Arabic and Roman figures, how many months it has, the title of its part; its first and its
/// last day; of the last day the English name of the month, the month's number and the civil year.
inline constexpr std::array<std::string_view, 11> kLabelMarks = {
    "year", "next_year", "number", "roman",     "months",  "part",
    "from", "to",        "month",  "end_month", "end_year"};

/// A system of periods. Its years follow each other without a gap, each from the same day of a
/// civil year to the day before it a year later; its kinds divide them. Built once, then only read,
/// from any thread; periods point to it and to its kinds, so it stays where it is and outlives
/// them.
class Regime {
 public:
  /// Which years there are: the first day of each, which every civil year has, and whether the year
  /// 2026 is the one that begins or the one that ends in 2026.
  struct Year {
    std::chrono::month_day from{std::chrono::January, std::chrono::day{1}};
    bool named_after_end = false;
  };

  /// What is handed over must be sound, as the part that reads declarations makes sure: the year
  /// begins on a day that every year has, at most the 28th where kinds count months; months divide
  /// 12, those of a cumulative kind are fewer; parts stand in order, the first one begins with the
  /// year; no two periods have one text.
  Regime(std::string name, LocalizedText title, LocalizedText basis, Year year,
         std::vector<PeriodKind> kinds);
  Regime(const Regime&) = delete;
  Regime& operator=(const Regime&) = delete;

  /// The regime that is always there: hour, day, ISO week, month, quarter, year.
  static const Regime& Calendar();

  const std::string& name() const { return name_; }
  const LocalizedText& title() const { return title_; }
  /// What it rests on; empty for the calendar.
  const LocalizedText& basis() const { return basis_; }
  const Year& year() const { return year_; }
  const std::vector<PeriodKind>& kinds() const { return kinds_; }
  bool is_calendar() const { return this == &Calendar(); }

  const PeriodKind* FindKind(std::string_view kind) const;

  /// First day of the regime's year of that number.
  std::chrono::local_days StartOfYear(int year) const;
  /// Number of the regime's year that the day lies in.
  int YearOf(std::chrono::local_days day) const;

  /// Of kMonths and kParts: how many periods of the kind a year has, which are numbered from 0.
  static int PeriodsPerYear(const PeriodKind& kind);
  std::chrono::local_days FirstDayOf(const PeriodKind& kind, int year, int number) const;
  /// The day after the period's last one.
  std::chrono::local_days EndOf(const PeriodKind& kind, int year, int number) const;

 private:
  std::chrono::local_days DayOfYear(int year, std::chrono::month_day day) const;

  std::string name_;
  LocalizedText title_;
  LocalizedText basis_;
  Year year_;
  std::vector<PeriodKind> kinds_;
};

/// The kind in the calendar; it must exist: hour, day, week, month, quarter, year.
const PeriodKind& CalendarKind(std::string_view kind);

}  // namespace fansipan::model
