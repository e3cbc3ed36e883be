#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "center/center.h"
#include "indicators/engine.h"
#include "indicators/source_log.h"
#include "model/calendar.h"

namespace fansipan::indicators {

/// How a source stands at a moment. Where several are true the first of paused, silent, failing,
/// late, incomplete, drifting is told.
enum class SourceState {
  kNever,       ///< nothing was ever heard of it
  kLive,        ///< on time
  kLate,        ///< it answers, but its data is older than it promised
  kSilent,      ///< no delivery, heartbeat or empty poll for longer than it promised
  kFailing,     ///< it cannot be asked, or what it says cannot be taken
  kIncomplete,  ///< a delivery does not agree with its control totals, and nothing made it good
  kDrifting,    ///< the raw columns of its last delivery are not what they were
  kPaused       ///< an official has it stand still
};
std::string_view NameOf(SourceState state);

/// What was heard last of a source: "nothing new" is an answer, too.
enum class SourceAnswer {
  kNone,        ///< none within its promise, or it cannot be asked
  kNothingNew,  ///< a heartbeat or an empty poll behind its last delivery
  kDelivery
};
std::string_view NameOf(SourceAnswer answer);  ///< none, nothing_new, delivery

struct SourceStanding {
  SourceState state = SourceState::kNever;
  /// Its data is older than promised, whatever else is told of it.
  bool is_late = false;
  /// When it came to be so; nothing for never and live, which have no beginning of their own.
  std::optional<base::Timestamp> since;
  SourceAnswer answer = SourceAnswer::kNone;
  SourceFacts facts;
  SourceConditions conditions;
  std::optional<base::Duration> age;  ///< working time since the last sign of life
  /// By when it must be heard of so as not to be silent; has passed when it is. Nothing without a
  /// promise, and while it is paused.
  std::optional<base::Timestamp> expected_by;
  /// What its calendar knows of the days that this was counted over.
  model::Coverage coverage = model::Coverage::kDecided;
  /// Set while it goes on naming places by codes that ended longer ago than its time of grace: its
  /// youngest such delivery, unless a day of deliveries without any has come since.
  std::optional<OldCodesSent> old_codes;
  /// What its deliveries have left standing of its contract.
  ContractStanding contract;
  /// Where a cadence is declared and something came: when the next delivery is due.
  std::optional<base::Timestamp> next_due;

  /// Why it fails, or its last delivery was refused; null when neither.
  const SourceTrouble* trouble() const;
};
SourceStanding StandingOf(const View& view, const center::Source& source);

/// The standing that follows from what is known of a source at `moment`, without its old codes and
/// when a delivery is due. `calendar` null: every moment is working time. Pure.
SourceStanding Judge(const center::Source& source, const center::Calendar* calendar,
                     const SourceKnowledge& known, base::Timestamp moment);

}  // namespace fansipan::indicators
