#include "indicators/health/source_standing.h"

#include <algorithm>

#include "center/calendar_notices.h"
#include "center/source_contract.h"
#include "indicators/health/contract_standing.h"

namespace fansipan::indicators {
namespace {

/// So long a source must deliver without old codes to be rid of their mark.
constexpr base::Duration kDayWithoutOldCodes = std::chrono::hours(24);

std::optional<OldCodesSent> OldCodesBeyondGrace(const View& view, const center::Source& source,
                                                const SourceFacts& facts) {
  const auto sent = view.sources->OldCodesAt(source.name, view.snapshot.tick);
  if (!sent) return std::nullopt;
  const model::Date since =
      sent->codes.ended + std::chrono::floor<std::chrono::days>(source.old_codes_grace);
  if (center::DayAt(*view.center, sent->received_at) < since) return std::nullopt;
  if (facts.received_at && *facts.received_at - sent->received_at >= kDayWithoutOldCodes) {
    return std::nullopt;
  }
  return sent;
}

/// The working time of one source, with what its calendar knows of it.
class WorkingTime {
 public:
  explicit WorkingTime(const center::Calendar* calendar) : calendar_(calendar) {}

  base::Duration Between(base::Timestamp from, base::Timestamp to) {
    if (calendar_ == nullptr) return std::max(to - from, base::Duration(0));
    return Noted(calendar_->timetable.Between(from, to));
  }
  base::Timestamp After(base::Timestamp from, base::Duration amount) const {
    if (calendar_ == nullptr) return from + amount;
    return calendar_->timetable.After(from, amount).value;
  }
  model::Coverage coverage() const { return coverage_; }

 private:
  base::Duration Noted(const model::Counted<base::Duration>& counted) {
    coverage_ = std::max(coverage_, counted.coverage);
    return counted.value;
  }

  const center::Calendar* calendar_;
  model::Coverage coverage_ = model::Coverage::kDecided;
};

/// When its data came to be older than promised, as its last sign of life shows it.
std::optional<base::Timestamp> LateSince(const center::Source& source, const SourceFacts& facts,
                                         WorkingTime& time) {
  const auto& promise =
      source.late_after ? source.late_after : center::ContractOf(source).freshness;
  if (!promise || !facts.data_as_of) return std::nullopt;
  if (time.Between(*facts.data_as_of, *facts.last_sign_of_life) <= *promise) return std::nullopt;
  return time.After(*facts.data_as_of, *promise);
}

void SetState(SourceState state, base::Timestamp since, SourceStanding& standing) {
  standing.state = state;
  standing.since = since;
}

void SetContractState(SourceStanding& standing) {
  const ContractStanding& contract = standing.contract;
  if (contract.drifting) SetState(SourceState::kDrifting, contract.drifting_since, standing);
  if (contract.incomplete) SetState(SourceState::kIncomplete, contract.incomplete_since, standing);
}

SourceAnswer AnswerOf(const SourceStanding& standing) {
  const bool is_heard = standing.facts.last_sign_of_life && !standing.conditions.failing &&
                        standing.state != SourceState::kSilent;
  if (!is_heard) return SourceAnswer::kNone;
  const bool nothing_new = standing.facts.last_sign_of_life != standing.facts.received_at;
  return nothing_new && !standing.conditions.refused ? SourceAnswer::kNothingNew
                                                     : SourceAnswer::kDelivery;
}

}  // namespace

std::string_view NameOf(SourceState state) {
  switch (state) {
    case SourceState::kNever:
      return "never";
    case SourceState::kLive:
      return "live";
    case SourceState::kLate:
      return "late";
    case SourceState::kSilent:
      return "silent";
    case SourceState::kFailing:
      return "failing";
    case SourceState::kIncomplete:
      return "incomplete";
    case SourceState::kDrifting:
      return "drifting";
    case SourceState::kPaused:
      return "paused";
  }
  return "never";
}

std::string_view NameOf(SourceAnswer answer) {
  switch (answer) {
    case SourceAnswer::kNone:
      return "none";
    case SourceAnswer::kNothingNew:
      return "nothing_new";
    case SourceAnswer::kDelivery:
      return "delivery";
  }
  return "none";
}

const SourceTrouble* SourceStanding::trouble() const {
  if (conditions.failing) return &*conditions.failing;
  return conditions.refused ? &*conditions.refused : nullptr;
}

SourceStanding Judge(const center::Source& source, const center::Calendar* calendar,
                     const SourceKnowledge& known, base::Timestamp moment) {
  SourceStanding standing;
  standing.facts = known.facts;
  standing.conditions = known.conditions;
  standing.contract = StandingNow(known.contract, source);
  const SourceFacts& facts = standing.facts;
  const SourceConditions& conditions = standing.conditions;
  WorkingTime time(calendar);
  // From the weakest to the strongest: the last that is true stays.
  if (facts.last_sign_of_life) {
    standing.state = SourceState::kLive;
    standing.age = time.Between(*facts.last_sign_of_life, moment);
    SetContractState(standing);
    const auto late_since = LateSince(source, facts, time);
    standing.is_late = late_since.has_value();
    if (late_since) SetState(SourceState::kLate, *late_since, standing);
  }
  if (const SourceTrouble* trouble = standing.trouble()) {
    SetState(SourceState::kFailing, trouble->since, standing);
  }
  if (facts.last_sign_of_life && source.silent_after) {
    // What it could not say while it was paused is not held against it.
    const base::Timestamp counted_from =
        std::max(*facts.last_sign_of_life, conditions.resumed_at.value_or(base::Timestamp::min()));
    standing.expected_by = time.After(counted_from, *source.silent_after);
    if (time.Between(counted_from, moment) > *source.silent_after) {
      SetState(SourceState::kSilent, *standing.expected_by, standing);
    }
  }
  if (conditions.paused) {
    SetState(SourceState::kPaused, conditions.paused->since, standing);
    standing.expected_by = std::nullopt;
  }
  standing.answer = AnswerOf(standing);
  standing.coverage = time.coverage();
  return standing;
}

SourceStanding StandingOf(const View& view, const center::Source& source) {
  const base::Timestamp now = view.snapshot.tick;
  const center::Calendar* calendar = view.center->FindCalendar(source.working_calendar);
  SourceStanding standing =
      Judge(source, calendar,
            {view.sources->FactsAt(source.name, now), view.sources->ConditionsAt(source.name, now),
             view.sources->ContractAt(source.name, now)},
            now);
  standing.old_codes = OldCodesBeyondGrace(view, source, standing.facts);
  const auto& cadence = center::ContractOf(source).cadence;
  if (cadence && standing.facts.received_at) {
    standing.next_due =
        center::NextDue(*cadence, *standing.facts.received_at, view.center->time_zone,
                        calendar == nullptr ? nullptr : &calendar->timetable.calendar());
  }
  return standing;
}

}  // namespace fansipan::indicators
