#pragma once

#include <cstddef>

#include "model/calendar.h"

namespace fansipan::model::testing {

/// Monday to Friday, 07:30 to 11:30 and 13:30 to 17:00.
inline WorkingCalendar OfficeHours() {
  WorkingCalendar calendar;
  calendar.name = "office";
  for (std::size_t day = 0; day < 5; ++day) {
    calendar.week[day] = {{7 * 60 + 30, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};
  }
  return calendar;
}

}  // namespace fansipan::model::testing
