#include "center/source_contract.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include "center/internal/text_checks.h"
#include "model/days.h"

namespace fansipan::center {
namespace {

constexpr std::uint32_t kMinutesOfDay = 24 * 60;
constexpr int kLongestSearch = 400;  // days; no calendar is closed for so long

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
  return Cadence{.kind = kind, .every = {}, .minute = *minute, .month_day = 1};
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
        const auto due = MonthlyDue(month + std::chrono::months(away), cadence_.month_day, zone_);
        if (found(due)) return due;
      }
    }
    const bool any_day = cadence_.kind == Cadence::Kind::kDaily;
    for (int away = 0; std::abs(away) <= kLongestSearch; away += step) {
      const model::Date then = day + std::chrono::days(away);
      const base::Timestamp due = MomentOn(then, cadence_.minute, zone_);
      if (found(due) && (any_day || IsWorked(then, calendar_))) return due;
    }
    return MomentOn(day + std::chrono::days(step), cadence_.minute, zone_);
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
  constexpr std::string_view kMonthly = "monthly by ";
  if (text.starts_with(kEvery)) {
    const auto every = ParseDuration(text.substr(kEvery.size()));
    if (!every) return std::nullopt;
    return Cadence{.kind = Cadence::Kind::kEvery, .every = *every, .minute = 0, .month_day = 1};
  }
  if (text.starts_with(kDaily)) {
    return AtMinute(Cadence::Kind::kDaily, text.substr(kDaily.size()));
  }
  if (text.starts_with(kWorking)) {
    return AtMinute(Cadence::Kind::kWorkingDays, text.substr(kWorking.size()));
  }
  if (!text.starts_with(kMonthly)) return std::nullopt;
  const auto day = ParseNumber(text.substr(kMonthly.size()));
  if (!day || *day < 1 || *day > 31) return std::nullopt;
  return Cadence{.kind = Cadence::Kind::kMonthly, .every = {}, .minute = 0, .month_day = *day};
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
    case Cadence::Kind::kMonthly:
      return "monthly by " + std::to_string(cadence.month_day);
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
