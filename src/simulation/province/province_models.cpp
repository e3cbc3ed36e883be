#include "simulation/province/province_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "simulation/province/budget_model.h"
#include "simulation/province/cameras_model.h"
#include "simulation/province/citizen_reports_model.h"
#include "simulation/province/construction_model.h"
#include "simulation/province/e_documents_model.h"
#include "simulation/province/education_model.h"
#include "simulation/province/healthcare_model.h"
#include "simulation/province/population_model.h"
#include "simulation/province/public_services_model.h"
#include "simulation/province/service_desk_model.h"
#include "simulation/province/socio_economic_model.h"

namespace fansipan::simulation {
namespace {

constexpr std::string_view kTimeZone = "Asia/Ho_Chi_Minh";

/// One line for each system.
struct System {
  std::string_view name;
  std::unique_ptr<SystemModel> (*make)(const Province&);
};

base::Status CheckNames(const std::vector<std::string>& names, std::string_view option,
                        const ProvinceModels& models) {
  for (const std::string& name : names) {
    if (models.contains(name)) continue;
    std::vector<std::string_view> all;
    all.reserve(models.size());
    for (const auto& [system, model] : models) all.push_back(system);
    return base::Error{base::ErrorCode::kNotFound, "unknown_simulation",
                       fmt::format("{} {}: there is no such simulated system; there {}: {}", option,
                                   name, all.size() == 1 ? "is" : "are", fmt::join(all, ", "))};
  }
  return {};
}

bool IsNamed(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

ProvinceModels MakeProvinceModels(const Province& province) {
  const std::vector<System> systems = {{"camera_stream", MakeCameraStreamModel},
                                       {"cameras", MakeCamerasModel},
                                       {"citizen_reports", MakeCitizenReportsModel},
                                       {"construction", MakeConstructionModel},
                                       {"e_documents", MakeEDocumentsModel},
                                       {"education", MakeEducationModel},
                                       {"healthcare", MakeHealthcareModel},
                                       {"population", MakePopulationModel},
                                       {"public_services", MakePublicServicesModel},
                                       {"service_desk", MakeServiceDeskModel},
                                       {"state_budget", MakeBudgetModel},
                                       {"socio_economic", MakeSocioEconomicModel}};
  ProvinceModels models;
  for (const System& system : systems) models.emplace(system.name, system.make(province));
  return models;
}

base::Result<Province> LoadProvince(base::FileSystem& files, const std::string& center_folder,
                                    base::Timestamp now) {
  FANSIPAN_ASSIGN_OR_RETURN(base::TimeZone zone, base::TimeZone::Find(kTimeZone));
  FANSIPAN_ASSIGN_OR_RETURN(Places places, LoadPlaces(files, center_folder));
  const auto today = std::chrono::floor<std::chrono::days>(zone.ToLocal(now));
  const base::Timestamp live_from = zone.ToUtc(base::LocalTime(today));
  return Province{.places = std::move(places), .zone = std::move(zone), .live_from = live_from};
}

base::Status ChooseModels(const std::vector<std::string>& only,
                          const std::vector<std::string>& without, ProvinceModels& models) {
  FANSIPAN_RETURN_IF_ERROR(CheckNames(only, "--only", models));
  FANSIPAN_RETURN_IF_ERROR(CheckNames(without, "--without", models));
  std::erase_if(models, [&](const auto& entry) {
    return (!only.empty() && !IsNamed(only, entry.first)) || IsNamed(without, entry.first);
  });
  return {};
}

base::Result<std::vector<std::string>> SourcesOf(const ProvinceModels& models) {
  std::set<std::string> sources;
  for (const auto& [system, model] : models) {
    for (const std::string& source : model->sources()) {
      if (sources.insert(source).second) continue;
      return base::Error{base::ErrorCode::kInvalidArgument, "source_fed_twice",
                         fmt::format("two simulated systems feed source '{}'; each source belongs "
                                     "to one of them",
                                     source)};
    }
  }
  return std::vector<std::string>(sources.begin(), sources.end());
}

std::vector<PlantedStory> StoriesOf(const ProvinceModels& models, base::Timestamp now,
                                    base::Duration ahead) {
  std::vector<PlantedStory> all;
  for (const auto& [system, model] : models) {
    auto stories = model->StoriesBetween(now - model->history(), now + ahead);
    std::move(stories.begin(), stories.end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(), [](const PlantedStory& left, const PlantedStory& right) {
    return std::tie(left.from, left.name) < std::tie(right.from, right.name);
  });
  return all;
}

}  // namespace fansipan::simulation
