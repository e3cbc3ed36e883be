#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// By the folder of the system in the sample center.
using ProvinceModels = std::map<std::string, std::unique_ptr<SystemModel>, std::less<>>;

/// All systems that can be simulated, but for the case system, which has a run of its own.
ProvinceModels MakeProvinceModels(const Province& province);

/// The province of a center's folder, with seed and intensity 1, live from the day of `now` on.
/// Errors of LoadPlaces.
base::Result<Province> LoadProvince(base::FileSystem& files, const std::string& center_folder,
                                    base::Timestamp now);

/// Leaves those that are named in `only`, all when it names none, but for those in `without`.
/// kNotFound names a system that is not there.
base::Status ChooseModels(const std::vector<std::string>& only,
                          const std::vector<std::string>& without, ProvinceModels& models);

/// All sources of the models, sorted. kInvalidArgument when two models feed one.
base::Result<std::vector<std::string>> SourcesOf(const ProvinceModels& models);

/// What the models let happen from the beginning of their histories before `now` until `ahead`
/// after it, in order.
std::vector<PlantedStory> StoriesOf(const ProvinceModels& models, base::Timestamp now,
                                    base::Duration ahead);

}  // namespace fansipan::simulation
