#include "center/source_contract.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "center/internal/text_checks.h"
#include "model/days.h"

namespace fansipan::center {
namespace {

constexpr std::uint32_t kMinutesOfDay = 24 * 60;
constexpr int kLongestSearch = 400;  // days; no calendar is closed for so long
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

/// Those behind each quarter.
std::set<std::uint32_t> QuarterlyMonths() { return {1, 4, 7, 10}; }

std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// HH:MM as minute of the day.
std::optional<std::uint32_t> ParseMinute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = ParseNumber(text.substr(0, 2));
  const auto minute = ParseNumber(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<Cadence> AtMinute(Cadence::Kind kind, std::string_view text) {
  const auto minute = ParseMinute(text);
  if (!minute) return std::nullopt;
  Cadence cadence;
  cadence.kind = kind;
  cadence.minute = *minute;
  return cadence;
}

std::optional<Cadence> ByDayOf(std::set<std::uint32_t> months, std::string_view text) {
  const auto day = ParseNumber(text);
  if (!day || *day < 1 || *day > 31) return std::nullopt;
  Cadence cadence;
  cadence.kind = Cadence::Kind::kMonthly;
  cadence.month_day = *day;
  cadence.months = std::move(months);
  return cadence;
}

std::optional<Cadence> ParseEvery(std::string_view text) {
  const auto every = ParseDuration(text);
  if (!every) return std::nullopt;
  Cadence cadence;
  cadence.kind = Cadence::Kind::kEvery;
  cadence.every = *every;
  return cadence;
}

std::optional<Cadence> ParseWeekly(std::string_view text) {
  const auto* const day = std::ranges::find(kWeekdays, text);
  if (day == kWeekdays.end()) return std::nullopt;
  Cadence cadence;
  cadence.kind = Cadence::Kind::kWeekly;
  cadence.weekday = static_cast<std::uint32_t>(day - kWeekdays.begin()) + 1;
  return cadence;
}

bool IsDate(std::uint32_t month, std::uint32_t day) {
  return std::chrono::month_day(std::chrono::month(month), std::chrono::day(day)).ok();
}

/// MM-DD; a day that no such month has is none.
std::optional<Cadence> ParseYearly(std::string_view text) {
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  const auto month = ParseNumber(text.substr(0, 2));
  const auto day = ParseNumber(text.substr(3));
  if (!month || !day || !IsDate(*month, *day)) return std::nullopt;
  return ByDayOf({*month}, text.substr(3));
}

/// "3, 6, 9 by 25".
std::optional<Cadence> ParseMonths(std::string_view text) {
  constexpr std::string_view kBy = " by ";
  constexpr std::string_view kAnd = ", ";
  const std::size_t by = text.find(kBy);
  if (by == std::string_view::npos) return std::nullopt;
  std::set<std::uint32_t> months;
  std::string_view listed = text.substr(0, by);
  for (bool more = true; more;) {
    const std::size_t end = listed.find(kAnd);
    more = end != std::string_view::npos;
    const auto month = ParseNumber(listed.substr(0, end));
    const bool is_new = month && *month >= 1 && *month <= 12 && months.insert(*month).second;
    if (!is_new) return std::nullopt;
    if (more) listed = listed.substr(end + kAnd.size());
  }
  if (months.size() == 12) months.clear();
  return ByDayOf(std::move(months), text.substr(by + kBy.size()));
}

base::Timestamp MomentOn(model::Date day, std::uint32_t minute, const base::TimeZone& zone) {
  return zone.ToUtc(base::LocalTime(day.time_since_epoch()) + std::chrono::minutes(minute));
}

std::string TwoDigits(std::uint32_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string ClockText(std::uint32_t minute) {
  return TwoDigits(minute / 60) + ":" + TwoDigits(minute % 60);
}

std::string MonthsText(const Cadence& cadence) {
  const std::set<std::uint32_t>& months = cadence.months;
  const std::string day = std::to_string(cadence.month_day);
  if (months.empty()) return "monthly by " + day;
  if (months == QuarterlyMonths()) return "quarterly by " + day;
  // A day that the month never has means its last one, which a date cannot say.
  if (months.size() == 1 && IsDate(*months.begin(), cadence.month_day)) {
    return "yearly by " + TwoDigits(*months.begin()) + "-" + TwoDigits(cadence.month_day);
  }
  std::string text = "months ";
  for (const std::uint32_t month : months) {
    text += (month == *months.begin() ? "" : ", ") + std::to_string(month);
  }
  return text + " by " + day;
}

bool IsWorked(model::Date day, const model::WorkingCalendar* calendar) {
  return calendar == nullptr || calendar->is_always() || !calendar->HoursOf(day).empty();
}

/// The end of the declared day of a month, or of its last day.
base::Timestamp MonthlyDue(std::chrono::year_month month, std::uint32_t day,
                           const base::TimeZone& zone) {
  const std::chrono::year_month_day last(month / std::chrono::last);
  const auto due = std::min(std::chrono::day(day), last.day());
  const model::Date date(std::chrono::sys_days(month / due));
  return MomentOn(date, kMinutesOfDay, zone);
}

/// The moments at which deliveries are due, of a cadence that is no interval.
class DueMoments {
 public:
  DueMoments(const Cadence& cadence, const base::TimeZone& zone,
             const model::WorkingCalendar* calendar)
      : cadence_(cadence), zone_(zone), calendar_(calendar) {}

  /// The last one up to `moment`.
  base::Timestamp UpTo(base::Timestamp moment) const { return Search(moment, -1); }
  /// The first one behind it.
  base::Timestamp Behind(base::Timestamp moment) const { return Search(moment, 1); }

 private:
  base::Timestamp Search(base::Timestamp moment, int step) const {
    const model::Date day = model::DayOf(zone_.ToLocal(moment));
    const auto found = [&](base::Timestamp due) { return (due > moment) == (step > 0); };
    if (cadence_.kind == Cadence::Kind::kMonthly) {
      const std::chrono::year_month_day date(day);
      const std::chrono::year_month month = date.year() / date.month();
      for (int away = 0;; away += step) {
        const std::chrono::year_month then = month + std::chrono::months(away);
        const auto due = MonthlyDue(then, cadence_.month_day, zone_);
        if (IsIn(then) && found(due)) return due;
      }
    }
    const std::uint32_t minute = IsWeekly() ? kMinutesOfDay : cadence_.minute;
    for (int away = 0; std::abs(away) <= kLongestSearch; away += step) {
      const model::Date then = day + std::chrono::days(away);
      const base::Timestamp due = MomentOn(then, minute, zone_);
      if (found(due) && IsOn(then)) return due;
    }
    return MomentOn(day + std::chrono::days(step), minute, zone_);
  }

  bool IsWeekly() const { return cadence_.kind == Cadence::Kind::kWeekly; }
  bool IsIn(std::chrono::year_month month) const {
    return cadence_.months.empty() ||
           cadence_.months.contains(static_cast<unsigned>(month.month()));
  }
  bool IsOn(model::Date day) const {
    if (IsWeekly()) return std::chrono::weekday(day).iso_encoding() == cadence_.weekday;
    return cadence_.kind == Cadence::Kind::kDaily || IsWorked(day, calendar_);
  }

  const Cadence& cadence_;
  const base::TimeZone& zone_;
  const model::WorkingCalendar* calendar_;
};

}  // namespace

std::optional<Cadence> ParseCadence(std::string_view text) {
  constexpr std::string_view kEvery = "every ";
  constexpr std::string_view kDaily = "daily at ";
  constexpr std::string_view kWorking = "working days at ";
  constexpr std::string_view kWeekly = "weekly by ";
  constexpr std::string_view kMonthly = "monthly by ";
  constexpr std::string_view kQuarterly = "quarterly by ";
  constexpr std::string_view kYearly = "yearly by ";
  constexpr std::string_view kMonths = "months ";
  const auto behind = [&](std::string_view words) { return text.substr(words.size()); };
  if (text.starts_with(kEvery)) return ParseEvery(behind(kEvery));
  if (text.starts_with(kDaily)) return AtMinute(Cadence::Kind::kDaily, behind(kDaily));
  if (text.starts_with(kWorking)) return AtMinute(Cadence::Kind::kWorkingDays, behind(kWorking));
  if (text.starts_with(kWeekly)) return ParseWeekly(behind(kWeekly));
  if (text.starts_with(kMonthly)) return ByDayOf({}, behind(kMonthly));
  if (text.starts_with(kQuarterly)) return ByDayOf(QuarterlyMonths(), behind(kQuarterly));
  if (text.starts_with(kYearly)) return ParseYearly(behind(kYearly));
  if (text.starts_with(kMonths)) return ParseMonths(behind(kMonths));
  return std::nullopt;
}

std::string ToText(const Cadence& cadence) {
  switch (cadence.kind) {
    case Cadence::Kind::kEvery:
      return "every " +
             std::to_string(
                 std::chrono::duration_cast<std::chrono::seconds>(cadence.every).count()) +
             "s";
    case Cadence::Kind::kDaily:
      return "daily at " + ClockText(cadence.minute);
    case Cadence::Kind::kWorkingDays:
      return "working days at " + ClockText(cadence.minute);
    case Cadence::Kind::kWeekly:
      return "weekly by " + std::string(kWeekdays[cadence.weekday - 1]);
    case Cadence::Kind::kMonthly:
      return MonthsText(cadence);
  }
  return "";
}

base::Timestamp NextDue(const Cadence& cadence, base::Timestamp last, const base::TimeZone& zone,
                        const model::WorkingCalendar* calendar) {
  if (cadence.kind == Cadence::Kind::kEvery) return last + cadence.every;
  const DueMoments due(cadence, zone, calendar);
  const base::Timestamp before = due.UpTo(last);
  const base::Timestamp after = due.Behind(last);
  return after - last < last - before ? due.Behind(after) : after;
}

std::string ControlPlace::ToldName() const {
  return kind == Kind::kCall ? "call " + url + " " + at : "header " + header;
}

std::vector<const ControlPlace*> PlacesOf(const ControlTotals& totals) {
  std::vector<const ControlPlace*> places;
  if (totals.rows) places.push_back(&*totals.rows);
  for (const ControlSumPlace& sum : totals.sums) places.push_back(&sum.place);
  if (totals.period) places.push_back(&*totals.period);
  return places;
}

const SourceContract& ContractOf(const Source& source) {
  static const SourceContract kNothingAgreed;
  return source.contract ? *source.contract : kNothingAgreed;
}

}  // namespace fansipan::center
