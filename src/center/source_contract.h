#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "center/source.h"
#include "model/calendar.h"
#include "model/contracts/contract.h"

namespace fansipan::center {

/// Who is to be called when a source stops or sends less than it promised.
struct Contact {
  std::string name;
  std::string phone;
  std::string email;
  bool operator==(const Contact&) const = default;
};

/// When deliveries are due.
struct Cadence {
  enum class Kind { kEvery, kDaily, kWorkingDays, kMonthly };
  Kind kind = Kind::kDaily;
  base::Duration every{};       ///< kEvery
  std::uint32_t minute = 0;     ///< kDaily, kWorkingDays: minute of the day, local time
  std::uint32_t month_day = 1;  ///< kMonthly: due by the end of this day, or of the month's last
  bool operator==(const Cadence&) const = default;
};
/// `every 15m`, `daily at 07:00`, `working days at 07:00`, `monthly by 15`; nothing for another.
std::optional<Cadence> ParseCadence(std::string_view text);
std::string ToText(const Cadence& cadence);
/// When the next delivery is due after one that came at `last`, which is taken for the one due
/// nearest to that moment, before or after it: what comes early is not due again at once. Lies in
/// the past when it is overdue. `calendar` says what working days are; without one, every day is.
base::Timestamp NextDue(const Cadence& cadence, base::Timestamp last, const base::TimeZone& zone,
                        const model::WorkingCalendar* calendar);

/// How many rows a delivery usually has: between bounds that are declared, or learnt from the
/// deliveries before it.
struct VolumeBand {
  bool learnt = false;
  std::uint64_t least = 0;  ///< declared ones
  std::uint64_t most = 0;
  bool operator==(const VolumeBand&) const = default;
};

/// Where a source tells a total: in one cell of the footer (the row that `ends_at` names), in one
/// cell of a line or row of the file, at a JSON pointer or an XML path from the root, in a header
/// of the push or of the answer, or in the answer to a second request.
struct ControlPlace {
  enum class Kind { kFooter, kLine, kAt, kHeader, kCall };
  Kind kind = Kind::kFooter;
  std::uint32_t line = 0;  ///< kLine: 1-based
  std::uint32_t cell = 1;  ///< kFooter, kLine: 1-based
  std::string at;          ///< kAt, kCall
  std::string header;      ///< kHeader: in small letters
  std::string url;         ///< kCall: may hold {since}
  std::string after;       ///< text that stands before the number within the cell
  bool operator==(const ControlPlace&) const = default;
  /// Under which a connector hands over what it found at a place that is not in the payload.
  std::string ToldName() const;
  /// It stands in the payload, where every replay finds it again.
  bool is_in_payload() const { return kind != Kind::kHeader && kind != Kind::kCall; }
};

struct ControlSumPlace {
  std::string dataset;
  std::string column;
  ControlPlace place;
  bool operator==(const ControlSumPlace&) const = default;
};

/// What a source tells of its deliveries, against which they are reconciled.
struct ControlTotals {
  std::optional<ControlPlace> rows;
  bool mapped_only = false;  ///< the source counts no rows that the mappings leave out
  std::vector<ControlSumPlace> sums;
  std::string keys_dataset;  ///< its key is one column
  std::string keys_at;       ///< JSON pointer to a list of keys, or an XML path; empty: not told
  std::optional<ControlPlace> period;
  model::ClearedBy cleared_by = model::ClearedBy::kAny;
  char decimal_mark = '.';
  bool operator==(const ControlTotals&) const = default;
};
/// All that stand in one list of texts: rows, sums in order, the period; then the list of keys.
std::vector<const ControlPlace*> PlacesOf(const ControlTotals& totals);

/// How raw columns are compared with those of deliveries before.
struct SchemaWatch {
  bool off = false;
  std::vector<std::string> measures;          ///< raw columns whose unit is watched
  std::optional<base::Timestamp> known_from;  ///< deliveries before it are not compared with
  bool operator==(const SchemaWatch&) const = default;
};

/// What a source and the center have agreed on.
struct SourceContract {
  std::optional<Contact> contact;
  /// Promise: how old its youngest data may be. The source is late when it is older, unless the
  /// center declares `late_after`.
  std::optional<base::Duration> freshness;
  std::optional<Cadence> cadence;
  std::optional<VolumeBand> volume;
  std::optional<ControlTotals> control_totals;
  SchemaWatch schema;
  bool operator==(const SourceContract&) const = default;
};

/// The source's own, or one in which nothing is agreed.
const SourceContract& ContractOf(const Source& source);

}  // namespace fansipan::center
