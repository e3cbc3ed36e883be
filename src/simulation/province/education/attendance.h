#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/province/education/schools.h"

namespace fansipan::simulation {

/// A school week in which many stay at home in one commune.
struct AbsentWeek {
  Day monday;
  std::size_t commune = 0;
  std::string_view cause;  ///< in English
};

struct AttendanceRow {
  const School* school = nullptr;
  Day day;
  int enrolled = 0;
  int present = 0;
  int with_leave = 0;
  int without_leave = 0;
  base::Timestamp reported_at;
};

/// Who is at school on each school day. Immutable; the schools and places outlive it.
class Attendance {
 public:
  Attendance(const Province& province, const std::vector<School>& schools);

  /// Four in a school year, as the seasons have it; nothing in other months.
  std::optional<AbsentWeek> AbsentWeekOf(Month month) const;
  /// What is told in the morning of a school day: the day's, and what is told late or put right of
  /// the school day before.
  std::vector<AttendanceRow> ToldOn(Day day) const;

 private:
  enum class Fault { kNone, kLate, kWrongSum };

  Fault FaultOf(const School& school, Day day) const;
  bool IsAbsentWeek(const School& school, Day day) const;
  AttendanceRow RowOf(const School& school, Day day) const;

  const Province& province_;
  const std::vector<School>& schools_;
};

}  // namespace fansipan::simulation
