#pragma once

#include <optional>

#include "center/center.h"
#include "http/rendering/json_writer.h"
#include "indicators/source_log.h"
#include "model/contracts/contract.h"

namespace fansipan::http {

/// What a delivery showed of its source's contract, or null.
void WriteContractFacts(JsonWriter& json, const std::optional<model::ContractFacts>& facts);

/// Whether missing rows are shown with their keys and why they were set aside. Left out where
/// everybody may read who may read the figures.
enum class Named { kShown, kLeftOut };

/// What a source's deliveries have left standing of its contract.
void WriteContractStanding(JsonWriter& json, const indicators::ContractStanding& standing,
                           Named named);

/// What a source and the center have agreed on, and when its next delivery is due.
void WriteAgreement(JsonWriter& json, const center::Source& source,
                    const std::optional<base::Timestamp>& next_due);

}  // namespace fansipan::http
