#include "simulation/province/construction/projects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "simulation/internal/dice.h"
#include "simulation/province/construction/building_places.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::MixSeeds;
using std::chrono::months;
using namespace std::chrono_literals;

constexpr std::uint64_t kProjectsSeed = 0x70726F6A656374;
constexpr std::uint64_t kStandingSeed = 0x7374616E64;
constexpr int kWhole = 10'000;
constexpr int kLines = 56;  ///< of projects, one after another in each
constexpr int kStandingMonths = 5;
constexpr int kLongestDelay = 30;
constexpr Month kFirst = 2024y / 6;
constexpr Month kLast = 2036y / 1;

struct Sector {
  std::string_view code;
  std::string_view name;
};
constexpr std::array kSectors = {Sector{"GT", "Đường giao thông nông thôn"},
                                 Sector{"GD", "Nhà lớp học"},
                                 Sector{"YT", "Trạm y tế"},
                                 Sector{"TL", "Công trình thủy lợi"},
                                 Sector{"HT", "Hạ tầng khu dân cư"},
                                 Sector{"VH", "Nhà văn hóa"},
                                 Sector{"TS", "Trụ sở làm việc"}};

/// Planned to date after so many months of a project, in hundredths of a percent.
int PlannedAfter(int month, int all) { return month >= all ? kWhole : kWhole * month / all; }

/// Months of `still` bring nothing.
std::vector<ProgressMonth> ProgressOf(const BuildingProject& project, std::uint64_t seed,
                                      std::optional<Month> still) {
  std::vector<ProgressMonth> progress;
  Dice dice(MixSeeds(seed, 1));
  const double pace = dice.Spread(0.82, 1.08);
  int actual = 0;
  for (int i = 0; actual < kWhole && i < project.months + kLongestDelay; ++i) {
    const Month month = project.first + months(i);
    const double usual = pace * dice.Spread(0.7, 1.25) * kWhole / project.months;
    const bool stands = still && month >= *still && month < *still + months(kStandingMonths);
    const int done = stands ? 0 : std::min(kWhole - actual, std::max(40, static_cast<int>(usual)));
    actual += done;
    progress.push_back({month, PlannedAfter(i + 1, project.months), actual, done});
  }
  // Whoever is nearly done by then is done.
  ProgressMonth& end = progress.back();
  end.done += kWhole - end.actual;
  end.actual = kWhole;
  return progress;
}

BuildingProject ProjectOf(const Province& province, const std::vector<double>& weights,
                          std::uint64_t seed, Month first, std::size_t number) {
  Dice dice(seed);
  const Commune& commune = province.places.communes[dice.Pick(weights)];
  const Sector& sector = kSectors[static_cast<std::size_t>(dice.Between(0, kSectors.size() - 1))];
  constexpr std::array<double, 3> kGroups = {0.02, 0.2, 0.78};
  constexpr std::array<std::string_view, 3> kNames = {"A", "B", "C"};
  constexpr std::array<double, 3> kBillions = {2500, 250, 35};
  const std::size_t group = dice.Pick(kGroups);
  BuildingProject project;
  project.code = fmt::format("DA-{:04}", number);
  project.name = fmt::format("{} số {} ({})", sector.name, number, commune.code);
  project.commune_code = commune.code;
  project.agency_code =
      dice.Chance(0.55) ? commune.agency_code : DepartmentOfConstruction(province);
  project.group = kNames[group];
  project.sector = sector.code;
  project.investment =
      static_cast<std::int64_t>(kBillions[group] * dice.Spread(0.4, 1.6) * 1000) * 1'000'000;
  project.first = first;
  project.months = static_cast<int>(group == 2 ? dice.Between(9, 16) : dice.Between(18, 30));
  project.longitude = commune.longitude + dice.Spread(-0.02, 0.02);
  project.latitude = commune.latitude + dice.Spread(-0.02, 0.02);
  project.progress = ProgressOf(project, seed, std::nullopt);
  return project;
}

/// Its progress to date before a month; nothing when it is not being built then.
std::optional<int> ActualBefore(const BuildingProject& project, Month month) {
  for (const ProgressMonth& reported : project.progress) {
    if (reported.month + months(1) == month && reported.actual < kWhole) return reported.actual;
  }
  return std::nullopt;
}

}  // namespace

BuildingProjects::BuildingProjects(const Province& province) {
  const std::uint64_t seed = MixSeeds(province.seed, kProjectsSeed);
  const std::vector<double> weights = BuildingWeights(province);
  std::vector<std::uint64_t> seeds;
  for (int line = 0; line < kLines; ++line) {
    Month first = kFirst + months(line % 14);
    while (first < kLast) {
      seeds.push_back(MixSeeds(seed, projects_.size()));
      projects_.push_back(ProjectOf(province, weights, seeds.back(), first, projects_.size() + 1));
      first = projects_.back().last() + months(2);
    }
  }
  for (Month from = 2026y / 2; from < kLast; from += months(6)) {
    Dice dice(MixSeeds(MixSeeds(seed, kStandingSeed),
                       static_cast<std::uint64_t>(FirstDayOf(from).time_since_epoch().count())));
    const auto most = static_cast<std::int64_t>(projects_.size()) - 1;
    for (int tries = 0; tries < 10'000; ++tries) {
      const auto chosen = static_cast<std::size_t>(dice.Between(0, most));
      BuildingProject& project = projects_[chosen];
      const std::optional<int> actual = ActualBefore(project, from);
      const bool stood = std::any_of(
          standing_.begin(), standing_.end(),
          [&](const StandingProject& standing) { return standing.code == project.code; });
      if (!actual || *actual < 2'000 || *actual > 6'000 || stood) continue;
      project.progress = ProgressOf(project, seeds[chosen], from);
      standing_.push_back(
          {project.code, project.commune_code, from, from + months(kStandingMonths)});
      break;
    }
  }
}

}  // namespace fansipan::simulation
