#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The scores of the service index that the national portal publishes, as source
/// `service_index_portal`: on the 3rd of a month for the month before, of the province and each
/// commune, reckoned from the cases that `CaseSystem` files for the same places and seed with the
/// options nobody changed. The cases themselves are sent by `RunCaseSystem`; the stories that they
/// hold are told here.
std::unique_ptr<SystemModel> MakePublicServicesModel(const Province& province);

}  // namespace fansipan::simulation
