#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The province's health system: its register of facilities, beds each hour, treatment each day,
/// insured persons each quarter and weekly reports of notifiable diseases, until July 2025 of the
/// communes that there were. Slow sources send all they have each week, as real ones do to be
/// reconciled, so that a history of two weeks brings the past of three years. Stories: measles and
/// dengue in neighbouring communes, and a hospital with more patients than beds.
std::unique_ptr<SystemModel> MakeHealthcareModel(const Province& province);

}  // namespace fansipan::simulation
