#pragma once

#include <optional>
#include <vector>

#include "center/source.h"
#include "indicators/source_log.h"
#include "model/figure.h"

namespace fansipan::indicators {

/// What is left standing by what the source declares today: of what it no longer promises nothing,
/// and no drift that its `known_from` takes for known.
ContractStanding StandingNow(ContractStanding standing, const center::Source& source);

/// The marks that a source's contract gives it and every figure it feeds.
std::vector<model::TrustMark> ContractMarks(const ContractStanding& standing);

/// What drifts, or is incomplete, in words for who must act; nothing when it does not or is not.
/// The reasons are schema_drift and control_totals.
std::optional<SourceTrouble> DriftOf(const ContractStanding& standing);
std::optional<SourceTrouble> IncompleteOf(const ContractStanding& standing);

}  // namespace fansipan::indicators
