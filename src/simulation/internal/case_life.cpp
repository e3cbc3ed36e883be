#include "simulation/internal/case_life.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kNotAcceptedOnline = 0.04;
constexpr double kWithdrawnEarly = 0.01;
constexpr double kStopped = 0.008;
constexpr double kSupplementOnline = 0.10;
constexpr double kSupplementElsewhere = 0.05;

bool IsWaiting(CaseStatus status) {
  return status == CaseStatus::kSupplementRequested ||
         status == CaseStatus::kFinancialObligationRequested;
}

seconds SecondsOf(Dice& dice, minutes low, minutes high) {
  return seconds(dice.Between(seconds(low).count(), seconds(high).count()));
}

/// After officials have worked for a time between the two.
base::Timestamp ByStaff(CaseLife& life, minutes low, minutes high, const OfficeHours& hours) {
  return hours.After(life.row.updated_at, SecondsOf(life.dice, low, high));
}

/// Applicants act from home when they filed online, otherwise at the counter.
base::Timestamp ByApplicant(CaseLife& life, minutes low, minutes high, const OfficeHours& hours) {
  const base::Timestamp at = life.row.updated_at + SecondsOf(life.dice, low, high);
  if (life.row.channel == Channel::kOnline) return hours.Awake(at, life.dice);
  return hours.After(at, SecondsOf(life.dice, minutes(1), minutes(90)));
}

/// When `share` of the allowed time has been worked, not counting pauses; a few working minutes
/// from now at the earliest.
base::Timestamp AtShare(const CaseLife& life, double share, const OfficeHours& hours) {
  const double allowed =
      static_cast<double>(std::chrono::floor<seconds>(TimeAllowed(*life.procedure)).count());
  const base::Timestamp at = hours.After(
      life.row.received_at, life.paused + seconds(static_cast<std::int64_t>(allowed * share)));
  return std::max(at, hours.After(life.row.updated_at, minutes(5)));
}

PlannedVersion PlanDecision(CaseLife& life, const OfficeHours& hours) {
  const bool is_online = life.row.channel == Channel::kOnline;
  const double luck = life.dice.Unit();
  if (is_online && luck < kWithdrawnEarly) {
    return {CaseStatus::kWithdrawn, ByApplicant(life, minutes(5), minutes(240), hours)};
  }
  const bool is_refused = is_online && luck < kWithdrawnEarly + kNotAcceptedOnline;
  return {is_refused ? CaseStatus::kNotAccepted : CaseStatus::kAccepted,
          is_online ? ByStaff(life, minutes(5), minutes(120), hours)
                    : ByStaff(life, minutes(1), minutes(12), hours)};
}

PlannedVersion PlanProcessing(CaseLife& life, const OfficeHours& hours) {
  Dice& dice = life.dice;
  if (std::exchange(life.had_detour, true)) {
    return {CaseStatus::kProcessed, AtShare(life, life.finish_share, hours)};
  }
  const double part = std::min(life.finish_share, 1.0) * dice.Spread(0.2, 0.5);
  if (dice.Chance(kStopped)) return {CaseStatus::kStopped, AtShare(life, part, hours)};
  if (dice.Chance(life.procedure->obligation_chance)) {
    return {CaseStatus::kFinancialObligationRequested, AtShare(life, part, hours)};
  }
  const bool is_online = life.row.channel == Channel::kOnline;
  if (dice.Chance(is_online ? kSupplementOnline : kSupplementElsewhere)) {
    return {CaseStatus::kSupplementRequested, AtShare(life, part, hours)};
  }
  return {CaseStatus::kProcessed, AtShare(life, life.finish_share, hours)};
}

PlannedVersion PlanAnswer(CaseLife& life, const OfficeHours& hours) {
  const bool is_supplement = life.row.status == CaseStatus::kSupplementRequested;
  const double luck = life.dice.Unit();
  if (is_supplement && luck < 0.05) {
    return {CaseStatus::kStopped,
            ByStaff(life, minutes(5 * 450), minutes(15 * 450), hours)};  // nobody answered
  }
  return {luck < (is_supplement ? 0.12 : 0.03) ? CaseStatus::kWithdrawn : CaseStatus::kProcessing,
          ByApplicant(life, minutes(90), minutes(4 * 24 * 60), hours)};
}

PlannedVersion PlanReturn(CaseLife& life, const OfficeHours& hours) {
  switch (life.row.channel) {
    case Channel::kOnline:
      return {CaseStatus::kResultReturned, ByStaff(life, minutes(5), minutes(60), hours)};
    case Channel::kCounter:
      return {CaseStatus::kResultReturned, ByStaff(life, minutes(15), minutes(900), hours)};
    case Channel::kPost:
      break;
  }
  return {CaseStatus::kResultReturned, ByStaff(life, minutes(300), minutes(1500), hours)};
}

std::optional<PlannedVersion> PlanStatus(CaseLife& life, const OfficeHours& hours) {
  switch (life.row.status) {
    case CaseStatus::kNewlyRegistered:
      return PlanDecision(life, hours);
    case CaseStatus::kAccepted:
      return PlannedVersion{CaseStatus::kProcessing,
                            ByStaff(life, minutes(10), minutes(90), hours)};
    case CaseStatus::kProcessing:
      return PlanProcessing(life, hours);
    case CaseStatus::kSupplementRequested:
    case CaseStatus::kFinancialObligationRequested:
      return PlanAnswer(life, hours);
    case CaseStatus::kProcessed:
      return PlanReturn(life, hours);
    case CaseStatus::kNotAccepted:
    case CaseStatus::kWithdrawn:
    case CaseStatus::kStopped:
    case CaseStatus::kResultReturned:
      break;
  }
  return std::nullopt;
}

/// A clerk mends a field: how it was digitised, the fee, or the commune.
void Correct(CaseLife& life, const LifeRules& rules) {
  CaseRow& row = life.row;
  const double luck = life.dice.Unit();
  if (luck < 0.2 && rules.communes.size() > 1) {
    const auto last = static_cast<std::int64_t>(rules.communes.size()) - 1;
    auto index = static_cast<std::size_t>(life.dice.Between(0, last));
    if (rules.communes[index].code == row.commune_code) {
      index = (index + 1) % rules.communes.size();
    }
    row.commune_code = rules.communes[index].code;
  } else if (luck < 0.5 && row.fee > 0) {
    row.fee = life.dice.Chance(0.5) ? row.fee * 2 : row.fee / 2;
  } else {
    row.digitisation = (row.digitisation + 1) % 4;
  }
}

void Pay(CaseLife& life) {
  CaseRow& row = life.row;
  if (row.fee == 0 || row.paid_online) return;
  row.paid_online = life.dice.Chance(row.channel == Channel::kOnline ? 0.75 : 0.2);
}

void Rate(CaseLife& life) {
  if (!life.dice.Chance(0.4)) return;
  constexpr std::array<double, 5> kStars = {0.01, 0.03, 0.06, 0.25, 0.65};
  const int stars = static_cast<int>(life.dice.Pick(kStars)) + 1;
  const bool was_late = life.row.closed_at && *life.row.closed_at > life.row.due_at;
  life.row.satisfaction = was_late ? std::max(1, stars - 2) : stars;
}

/// The deadline does not run while the applicant is to act.
void ResumeClock(CaseLife& life, base::Timestamp at, const OfficeHours& hours) {
  const base::Duration waited = hours.Between(life.waiting_since, at);
  life.paused += waited;
  life.row.due_at = hours.After(life.row.due_at, waited);
}

void EnterStatus(CaseLife& life, CaseStatus status, base::Timestamp at, const LifeRules& rules) {
  CaseRow& row = life.row;
  const CaseStatus before = std::exchange(row.status, status);
  if (IsWaiting(status)) life.waiting_since = at;
  if (status == CaseStatus::kProcessing && IsWaiting(before)) {
    ResumeClock(life, at, rules.hours);
    if (before == CaseStatus::kFinancialObligationRequested) Pay(life);
  }
  if (status == CaseStatus::kAccepted && life.procedure->obligation_chance == 0) Pay(life);
  if (status == CaseStatus::kResultReturned) {
    Pay(life);
    Rate(life);
  } else if (status == CaseStatus::kProcessed || status == CaseStatus::kNotAccepted ||
             status == CaseStatus::kWithdrawn || status == CaseStatus::kStopped) {
    row.closed_at = at;
  }
}

}  // namespace

base::Duration TimeAllowed(const Procedure& procedure) {
  return kWorkingDay * procedure.working_days;
}

void FileAt(CaseLife& life, base::Timestamp received_at, base::Timestamp now,
            const OfficeHours& hours) {
  life.row.received_at = received_at;
  life.row.updated_at = now;
  life.row.working_days = life.procedure->working_days;
  life.row.due_at = hours.After(received_at, TimeAllowed(*life.procedure));
}

void PlanNext(CaseLife& life, const LifeRules& rules) {
  if (life.after_correction) {
    life.next = std::exchange(life.after_correction, std::nullopt);
    return;
  }
  life.next = PlanStatus(life, rules.hours);
  if (!life.dice.Chance(rules.correction_rate)) return;
  const base::Timestamp at = ByStaff(life, minutes(2), minutes(life.next ? 30 : 900), rules.hours);
  if (life.next && at + minutes(1) > life.next->at) return;
  life.after_correction = life.next;
  life.next = PlannedVersion{life.row.status, at, true};
}

void ApplyNext(CaseLife& life, base::Timestamp at, const LifeRules& rules) {
  const PlannedVersion version = *std::exchange(life.next, std::nullopt);
  life.row.updated_at = at;
  if (version.is_correction) {
    Correct(life, rules);
  } else {
    EnterStatus(life, version.status, at, rules);
  }
}

}  // namespace fansipan::simulation::internal
