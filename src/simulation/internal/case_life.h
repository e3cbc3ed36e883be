#pragma once

#include <optional>
#include <span>

#include "simulation/case_row.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/office_hours.h"
#include "simulation/internal/procedures.h"
#include "simulation/places.h"

namespace fansipan::simulation::internal {

/// What a case will become next if nothing hastens it.
struct PlannedVersion {
  CaseStatus status = CaseStatus::kNewlyRegistered;
  base::Timestamp at;
  bool is_correction = false;  ///< a field changes, the status stays
};

/// One case from filing to its end. All draws come from its own dice, so its versions do not depend
/// on what happens to other cases.
struct CaseLife {
  CaseRow row;  ///< the newest version
  const Procedure* procedure = nullptr;
  Dice dice{0};
  double finish_share = 1;  ///< working time to the end as a share of the time allowed; > 1 is late
  bool is_filed = false;    ///< its first version exists
  bool had_detour = false;  ///< it was decided whether it waits for the applicant
  base::Duration paused{};  ///< working time that did not count
  base::Timestamp waiting_since;
  std::optional<PlannedVersion> next;
  std::optional<PlannedVersion> after_correction;
  std::optional<CaseRow> held;  ///< an older version that is sent after a newer one
};

struct LifeRules {
  const OfficeHours& hours;
  std::span<const Commune> communes;
  double correction_rate = 0;  ///< share of versions that are corrected
};

/// Working time allowed for a procedure.
base::Duration TimeAllowed(const Procedure& procedure);
/// Dates the filing: receipt, update, and the due date that follows.
void FileAt(CaseLife& life, base::Timestamp received_at, base::Timestamp now,
            const OfficeHours& hours);
/// Sets `next`, or clears it when the case has ended. Later than the newest version by a minute at
/// least.
void PlanNext(CaseLife& life, const LifeRules& rules);
/// Makes the planned version the newest one, dated `at`. There must be one.
void ApplyNext(CaseLife& life, base::Timestamp at, const LifeRules& rules);

}  // namespace fansipan::simulation::internal
