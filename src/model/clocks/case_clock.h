#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/expression.h"
#include "model/text.h"
#include "model/unit.h"

namespace fansipan::model {

/// A calendar of their own for the records of one unit and everything below it.
struct UnitCalendar {
  TreeKind tree = TreeKind::kOrganisation;
  std::string unit;      ///< the center's code of it
  std::string calendar;  ///< name
};

/// The time a record may take: so many working days, or so much working time; from a column of the
/// record, or the same for all.
struct AllowedTime {
  bool in_days = true;
  std::optional<std::size_t> column;  ///< integer, or decimal hours; days are whole
  std::int64_t days = 0;
  base::Duration time{0};
};

/// A due moment that the source states itself. The one that is not authoritative is a check of the
/// other.
struct StatedDue {
  std::size_t column = 0;
  bool authoritative = false;   ///< the source's holds; else the center's
  base::Duration tolerance{0};  ///< working time that they may lie apart
};

/// What a clock says of a version, each a column of the dataset behind the told ones. The last two
/// are there with a StatedDue alone.
enum class ClockOutput : std::size_t {
  kDue,           ///< timestamp: when the allowed time is over; missing while paused before it is
  kUsed,          ///< integer: working minutes used, see CaseClock
  kLeft,          ///< integer: working minutes from then until due, negative: so much too late
  kPausedSince,   ///< timestamp: since when the clock stands still; missing: it does not
  kCoverage,      ///< text: provisional or outside where days are not decided; missing: all are
  kReckonedDue,   ///< timestamp: the center's own, whichever holds
  kContradiction  ///< integer: working minutes from the center's due moment to the source's, where
                  ///< they lie further apart than tolerated
};
inline constexpr std::size_t kClockOutputs = 5;
inline constexpr std::size_t kClockOutputsWithStatedDue = 7;
std::string_view NameOf(ClockOutput output);

/// A clock of working time that runs for each record of a dataset from one moment until another,
/// stands still in pauses, and tells when the time allowed is over. Pauses are the spans in which
/// the record's versions, in their order, were such that `paused_when` is true or withdrew the
/// record, and the one between two columns. What it says is reckoned when a version is recorded and
/// kept with it: used and left are as of the record's end, or else of the version's order moment.
struct CaseClock {
  std::string name;
  LocalizedText title;
  std::string calendar;  ///< name
  std::vector<UnitCalendar> unit_calendars;
  std::size_t from = 0;              ///< timestamp column
  std::optional<std::size_t> until;  ///< timestamp column: missing: it still runs
  AllowedTime allowed;
  std::optional<Expression> paused_when;
  std::optional<std::size_t> paused_from;   ///< timestamp column
  std::optional<std::size_t> paused_until;  ///< timestamp column; missing: still paused
  std::optional<StatedDue> stated_due;
  std::size_t first_output = 0;  ///< column of its first output

  std::size_t output_count() const {
    return stated_due ? kClockOutputsWithStatedDue : kClockOutputs;
  }
  std::size_t ColumnOf(ClockOutput output) const {
    return first_output + static_cast<std::size_t>(output);
  }
};

/// Clocks of one dataset.
inline constexpr std::size_t kMaxClocks = 4;

}  // namespace fansipan::model
