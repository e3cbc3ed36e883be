#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/text.h"
#include "model/value.h"

namespace fansipan::model {

/// A span of a day, minutes after local midnight, from included, to excluded.
struct WorkingSpan {
  int from_minute = 0;
  int to_minute = 0;

  bool operator==(const WorkingSpan&) const = default;
};

/// The working time of one day: spans in order that do not overlap.
using WorkingSpans = std::vector<WorkingSpan>;

/// Why a day is not worked as its weekday is.
enum class SpecialDayKind {
  kHoliday,       ///< nobody works
  kExchangedOff,  ///< free, because another day is worked in its place
  kExchangedFor,  ///< worked in place of such a day
  kOwnHours       ///< hours of its own: shortened, or open where the week is not
};
std::string_view NameOf(SpecialDayKind kind);

struct SpecialDay {
  SpecialDayKind kind = SpecialDayKind::kHoliday;
  /// Exchanged days: the other day of the exchange.
  std::optional<Date> other;
  /// The hours worked. kExchangedFor without any has those of the weekday of `other`, whatever
  /// these are in the calendar that extends this one.
  WorkingSpans hours;
  LocalizedText title;
  LocalizedText basis;  ///< the decision; empty: that of the year
};

/// A year whose special days a calendar knows.
struct CalendarYear {
  LocalizedText basis;       ///< the decision that sets its days
  bool provisional = false;  ///< not all of them are decided yet
};

/// How much is known of the days that a count went over.
enum class Coverage {
  kDecided,      ///< every day lies in a year that is decided
  kProvisional,  ///< some day lies in a provisional year
  kOutside       ///< some day lies in no year of the calendar: counted as an ordinary week's
};
std::string_view NameOf(Coverage coverage);

/// Working time as it is declared: an ordinary week, and for each covered year the days that differ
/// from it. Index 0 of the week is Monday. Years follow each other without a gap, provisional ones
/// last. A calendar without years knows no special days: every week is ordinary, and decided. A
/// calendar without any span in its week counts every moment as working time.
struct WorkingCalendar {
  std::string name;
  std::array<WorkingSpans, 7> week;
  std::string extends = {};  ///< the calendar that it took over what it does not say itself
  std::map<int, CalendarYear> years = {};
  std::map<Date, SpecialDay> days = {};

  bool is_always() const;
  const WorkingSpans& HoursOfWeekday(Date day) const;
  const WorkingSpans& HoursOf(Date day) const;
};

}  // namespace fansipan::model
