#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/unit.h"

namespace fansipan::model {

/// What happened to a unit. Merge, split and part hand content on from one unit to another; the
/// others change a unit, or begin or end it without handing anything on.
enum class LineageKind {
  kMerge,     ///< the whole of `from`, which ends, goes into `to`
  kSplit,     ///< one of the parts into which `from` is divided as it ends
  kPart,      ///< a part of `from`, which goes on, goes to `to`
  kRename,    ///< `from` has another name
  kRecode,    ///< `from` has another code in `system`
  kStatus,    ///< `from` has another level
  kParent,    ///< `from` lies below another unit
  kFounding,  ///< `to` begins without taking over anything
  kEnd        ///< `from` ends and hands nothing on itself
};
std::string_view NameOf(LineageKind kind);
std::optional<LineageKind> FindLineageKind(std::string_view name);
/// True for merge, split and part.
bool HandsOn(LineageKind kind);

/// One thing that happened to a unit, as of the first day of the new state.
struct LineageEvent {
  LineageKind kind = LineageKind::kMerge;
  Date day{};
  UnitId from = kNoUnit;
  UnitId to = kNoUnit;
  std::optional<Decimal> share;  ///< of `from`, between 0 and 1; nothing for a whole or unknown one
  bool rest = false;             ///< of a split: what its other parts leave over
  std::string system;            ///< of a recode
  std::string basis;             ///< the decision it rests on; may be empty
};

/// What is wrong with a lineage: with an event, or where one is missing, with a unit.
struct LineageFault {
  std::string reason;  ///< wrong_units, wrong_day, wrong_share, part_nowhere, repeated_event,
                       ///< no_such_change, unexplained
  std::optional<std::size_t> event;  ///< index into the events
  UnitId unit = kNoUnit;             ///< whose state no event explains
  std::size_t state = 0;
  std::string message;
  bool at_end = false;  ///< it is the end of the state that no event explains, not its beginning
};

/// What a unit holds of another one that existed on another day.
struct Holding {
  UnitId unit;
  std::optional<Decimal> share;  ///< of the unit that existed earlier; nothing: unknown
  bool operator==(const Holding&) const = default;
};

/// Everything that happened to the units of one tree. Built whole, then immutable; safe from any
/// thread. Events of one day happen at once: what a unit receives on a day it does not hand on that
/// same day.
class Lineage {
 public:
  /// An amount per unit; nothing: it cannot be said, because a share is unknown.
  using Amounts = std::map<UnitId, std::optional<Decimal>>;

  /// Everything wrong with the events of a tree, by event, then by unit. Each end and each change
  /// of a unit has its event, and each event its change; shares leave nothing over.
  static std::vector<LineageFault> FindFaults(const UnitTree& tree,
                                              const std::vector<LineageEvent>& events);
  /// Fails with the first fault.
  static base::Result<Lineage> Build(const UnitTree& tree, std::vector<LineageEvent> events);
  Lineage() = default;

  const std::vector<LineageEvent>& events() const { return events_; }
  /// Indexes into events(), by day.
  std::vector<std::size_t> EventsOf(UnitId unit) const;

  /// Where on `to` the content of a unit is that exists on `from`. Forward (`to` later): the units
  /// that hold it, each with its share of `unit`. Backward: the units of which it holds something,
  /// each with the share of it that `unit` holds. By id; on the same day the unit alone.
  std::vector<Holding> Trace(UnitId unit, Date from, Date to) const;
  /// The same for a unit whose content is that of the units below it, such as a district that just
  /// ended: who holds the content of those on `to`, where nothing was handed on by the unit itself.
  std::vector<Holding> TraceContent(const UnitTree& tree, UnitId unit, Date from, Date to) const;
  /// What codes of ended units mean afterwards, for sources that go on sending them: the unit that
  /// took over the whole, as long as it exists and the code is given to no other one. A code of a
  /// unit that was divided means none.
  std::vector<UnitCode> InheritedCodes(const UnitTree& tree) const;
  /// Hands amounts of units that exist on `from` on to the units of a later day. Known amounts add
  /// up to the same sum before and after: the last part of a split takes what rounding left.
  Amounts Carry(Amounts amounts, Date from, Date to) const;

 private:
  struct Transfer {
    UnitId to;
    std::optional<Decimal> share;
    bool whole = false;
  };
  /// What one unit hands on on one day, and whether it exists afterwards.
  struct Division {
    std::vector<Transfer> parts;
    bool goes_on = false;
  };
  using DivisionsOfDay = std::map<UnitId, Division>;

  static void HandOn(const Division& division, UnitId from, const std::optional<Decimal>& amount,
                     Amounts& after);
  void AddContent(const UnitTree& tree, UnitId unit, Date from, Date to,
                  std::map<UnitId, bool>& holders) const;
  std::vector<Holding> TraceBack(UnitId unit, Date from, Date to) const;
  std::optional<UnitId> FindHeir(UnitId unit) const;
  bool ExistsOn(UnitId unit, Date day) const;

  std::vector<LineageEvent> events_;
  std::vector<std::pair<Date, std::optional<Date>>> days_;  ///< first and end, by unit
  std::map<Date, DivisionsOfDay> divisions_;
};

}  // namespace fansipan::model
