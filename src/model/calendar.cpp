#include "model/calendar.h"

#include <algorithm>

namespace fansipan::model {

std::string_view NameOf(SpecialDayKind kind) {
  switch (kind) {
    case SpecialDayKind::kHoliday:
      return "holiday";
    case SpecialDayKind::kExchangedOff:
      return "exchanged, free";
    case SpecialDayKind::kExchangedFor:
      return "exchanged, worked";
    case SpecialDayKind::kOwnHours:
      return "day with hours of its own";
  }
  return "";
}

std::string_view NameOf(Coverage coverage) {
  switch (coverage) {
    case Coverage::kDecided:
      return "decided";
    case Coverage::kProvisional:
      return "provisional";
    case Coverage::kOutside:
      return "outside";
  }
  return "";
}

bool WorkingCalendar::is_always() const {
  const auto is_empty = [](const WorkingSpan& span) { return span.from_minute >= span.to_minute; };
  return std::ranges::all_of(
      week, [&](const WorkingSpans& spans) { return std::ranges::all_of(spans, is_empty); });
}

const WorkingSpans& WorkingCalendar::HoursOfWeekday(Date day) const {
  return week[std::chrono::weekday(day).iso_encoding() - 1];
}

const WorkingSpans& WorkingCalendar::HoursOf(Date day) const {
  const auto special = days.find(day);
  if (special == days.end()) return HoursOfWeekday(day);
  const SpecialDay& found = special->second;
  const bool as_other =
      found.kind == SpecialDayKind::kExchangedFor && found.hours.empty() && found.other;
  return as_other ? HoursOfWeekday(*found.other) : found.hours;
}

}  // namespace fansipan::model
