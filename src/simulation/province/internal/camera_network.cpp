#include "simulation/province/internal/camera_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using namespace std::chrono_literals;

constexpr std::int64_t kCycleDays = 14;
// Days of a cycle.
constexpr int kDarkDay = 4;
constexpr int kFirstLiesDay = 8;
constexpr int kLastLiesDay = 11;
constexpr int kLongestStoryDays = 4;
constexpr int kTownCameras = 4;
constexpr double kTownArea = 75;
constexpr double kFailuresADay = 0.03;
constexpr std::uint64_t kOfFailures = 0xFA11;
constexpr std::uint64_t kOfStories = 0x5708;
constexpr std::size_t kRoadDepartment = 5;

// Today's communes are there since 1 July 2025.
constexpr LocalDay kFirstInstallation{2025y / 7 / 2};

std::uint64_t SeedOf(std::string_view text, std::uint64_t seed) {
  for (const char letter : text) seed = MixSeeds(seed, static_cast<unsigned char>(letter));
  return seed;
}

base::Timestamp CeilMinute(base::Timestamp moment) { return std::chrono::ceil<minutes>(moment); }

std::chrono::seconds SecondsOf(double in_minutes) {
  return std::chrono::seconds(static_cast<std::int64_t>(60 * in_minutes));
}

int CamerasOf(const Commune& commune, Dice& dice) {
  if (commune.area_km2 > 0 && commune.area_km2 < kTownArea) {
    return static_cast<int>(dice.Between(4, 6));
  }
  return static_cast<int>(dice.Pick(std::array{0.45, 0.35, 0.15, 0.05}));
}

CameraKind KindOf(RightsClass rights, Dice& dice) {
  if (rights == RightsClass::kOffice)
    return dice.Chance(0.5) ? CameraKind::kDome : CameraKind::kFixed;
  if (rights == RightsClass::kTraffic && dice.Chance(0.3)) return CameraKind::kPlate;
  const auto kind = dice.Pick(std::array{0.5, 0.15, 0.3, 0.0, 0.05});
  return static_cast<CameraKind>(kind);
}

}  // namespace

CameraNetwork::CameraNetwork(const Province& province)
    : seed_(province.seed), zone_(province.zone) {
  for (const Commune& commune : province.places.communes) AddCameras(province, commune);
}

void CameraNetwork::AddCameras(const Province& province, const Commune& commune) {
  Dice dice(SeedOf(commune.code, seed_));
  const int count = CamerasOf(commune, dice);
  for (int number = 1; number <= count; ++number) {
    if (number == kTownCameras) stars_.push_back(cameras_.size());
    cameras_.push_back(MakeCamera(province, commune, number));
    cameras_.back().in_town = count >= kTownCameras;
  }
}

Camera CameraNetwork::MakeCamera(const Province& province, const Commune& commune,
                                 int number) const {
  Camera camera{.id = fmt::format("CAM-{}-{:02}", commune.code, number),
                .commune_code = commune.code,
                .agency_code = commune.agency_code,
                .name = fmt::format("Điểm quan sát {:02}", number)};
  camera.seed = SeedOf(camera.id, seed_);
  Dice dice(camera.seed);
  camera.rights = static_cast<RightsClass>(dice.Pick(std::array{0.5, 0.3, 0.2}));
  camera.kind = KindOf(camera.rights, dice);
  camera.has_detector = camera.kind == CameraKind::kPlate || dice.Chance(0.25);
  const auto& departments = province.places.departments;
  if (camera.rights == RightsClass::kTraffic && !departments.empty()) {
    camera.agency_code = departments[std::min(kRoadDepartment, departments.size() - 1)];
  }
  camera.point = FindCommunePoint(commune.code);
  if (camera.point) {
    camera.point->latitude += dice.Spread(-0.006, 0.006);
    camera.point->longitude += dice.Spread(-0.006, 0.006);
  }
  camera.retention_days = dice.Chance(0.04) ? 0 : (camera.rights == RightsClass::kOffice ? 15 : 30);
  const bool came_later = number > kTownCameras && dice.Chance(0.5);
  camera.installed_on = kFirstInstallation + days(dice.Between(0, came_later ? 500 : 60));
  camera.installed_at = MomentOf(camera.installed_on, hours(dice.Between(8, 16)));
  return camera;
}

LocalDay CameraNetwork::DayOf(base::Timestamp moment) const {
  return std::chrono::floor<days>(zone_.ToLocal(moment));
}

base::Timestamp CameraNetwork::MomentOf(LocalDay day, base::Duration time) const {
  return zone_.ToUtc(day + time);
}

std::int64_t CameraNetwork::CycleOf(LocalDay day) {
  const std::int64_t count = day.time_since_epoch().count();
  return count >= 0 ? count / kCycleDays : (count - kCycleDays + 1) / kCycleDays;
}

CameraStories CameraNetwork::StoriesOf(std::int64_t cycle) const {
  CameraStories stories;
  if (stars_.empty()) return stories;
  const LocalDay first{days(cycle * kCycleDays)};
  Dice dice(MixSeeds(MixSeeds(seed_, kOfStories), static_cast<std::uint64_t>(cycle)));
  stories.dark_from = MomentOf(first + days(kDarkDay), hours(5) + minutes(30));
  stories.dark_until = MomentOf(first + days(kDarkDay + 1), hours(6));
  stories.lies_from = MomentOf(first + days(kFirstLiesDay), hours(10));
  stories.lies_until = MomentOf(first + days(kLastLiesDay), hours(16));
  const auto pick = [&] {
    const auto last = static_cast<std::int64_t>(stars_.size()) - 1;
    return &cameras_[stars_[static_cast<std::size_t>(dice.Between(0, last))]];
  };
  stories.dark_commune = pick()->commune_code;
  stories.liar = pick();
  return stories;
}

/// Most days are of no story, and cost no more than this to know.
CameraNetwork::Fate CameraNetwork::FateOn(const Camera& camera, LocalDay day) const {
  if (!camera.in_town) return {};
  const std::int64_t cycle = CycleOf(day);
  const std::int64_t position = day.time_since_epoch().count() - cycle * kCycleDays;
  const bool may_be_dark = position == kDarkDay || position == kDarkDay + 1;
  const bool may_lie = position >= kFirstLiesDay && position <= kLastLiesDay;
  if (!may_be_dark && !may_lie) return {};
  const CameraStories stories = StoriesOf(cycle);
  if (may_be_dark ? camera.commune_code != stories.dark_commune : &camera != stories.liar) {
    return {};
  }
  if (position == kDarkDay) return {true, DarkTime{stories.dark_from, stories.dark_until, false}};
  if (position == kFirstLiesDay) {
    return {true, DarkTime{stories.lies_from, stories.lies_until, true}};
  }
  return {.is_told = true, .dark = std::nullopt};
}

/// Most failures are short; each ends on its day, those of the stories excepted.
std::vector<DarkTime> CameraNetwork::DarkTimes(const Camera& camera, LocalDay first,
                                               LocalDay last) const {
  std::vector<DarkTime> dark;
  for (LocalDay day = std::max(first, camera.installed_on + days(1)); day <= last; day += days(1)) {
    const Fate fate = FateOn(camera, day);
    if (fate.dark) dark.push_back(*fate.dark);
    if (fate.is_told) continue;
    Dice dice(MixSeeds(MixSeeds(camera.seed, kOfFailures),
                       static_cast<std::uint64_t>(day.time_since_epoch().count())));
    if (!dice.Chance(kFailuresADay)) continue;
    const double start = dice.Spread(0, 20 * 60);
    const double length = 12 + 220 * std::pow(dice.Unit(), 3);
    const base::Timestamp midnight = MomentOf(day, 0s);
    dark.push_back({midnight + SecondsOf(start), midnight + SecondsOf(start + length), false});
  }
  return dark;
}

std::optional<DarkTime> CameraNetwork::LastDarkBefore(const Camera& camera,
                                                      base::Timestamp moment) const {
  for (LocalDay day = DayOf(moment); day > camera.installed_on; day -= days(1)) {
    const auto dark = DarkTimes(camera, day, day);
    if (!dark.empty() && dark.front().from < moment) return dark.front();
  }
  return std::nullopt;
}

bool CameraNetwork::IsDark(const Camera& camera, base::Timestamp moment) const {
  const LocalDay day = DayOf(moment);
  const auto dark = DarkTimes(camera, day - days(kLongestStoryDays), day);
  return std::ranges::any_of(
      dark, [&](const DarkTime& time) { return time.from <= moment && moment < time.until; });
}

base::Timestamp CameraNetwork::OnlineSince(const Camera& camera, base::Timestamp before) const {
  const auto dark = LastDarkBefore(camera, before);
  return dark ? dark->until : camera.installed_at;
}

HealthReport CameraNetwork::SessionAt(const Camera& camera, base::Timestamp minute) const {
  HealthReport report{.camera = &camera, .told_at = minute};
  Dice dice(MixSeeds(camera.seed, static_cast<std::uint64_t>(minute.time_since_epoch().count())));
  const double usual = camera.kind == CameraKind::kPlate ? 15 : 25;
  const double frames = std::round(10 * (usual - dice.Spread(0, 0.6))) / 10;
  report.storage_used_percent = static_cast<int>(55 + camera.seed % 43);
  const auto dark = LastDarkBefore(camera, minute);
  if (dark && minute < dark->until) {
    report.says_online = dark->says_online;
    report.last_frame_at = dark->from;
    report.online_since = OnlineSince(camera, dark->from);
    // One that lies repeats what it said when it stood still.
    if (dark->says_online) report.frames_per_second = usual;
    report.stated_age = dark->says_online ? 1s : minute - dark->from;
    return report;
  }
  report.online_since = dark ? dark->until : camera.installed_at;
  const base::Timestamp frame = minute - milliseconds(dice.Between(20, 900));
  report.last_frame_at = std::max(report.online_since, frame);
  report.frames_per_second = frames;
  return report;
}

HealthReport CameraNetwork::Closing(const Camera& camera, const DarkTime& dark) const {
  const base::Timestamp told_at = CeilMinute(dark.until);
  return {.camera = &camera,
          .told_at = told_at,
          .says_online = false,
          .online_since = OnlineSince(camera, dark.from),
          .last_frame_at = dark.from,
          .stated_age = told_at - dark.from,
          .frames_per_second = std::nullopt,
          .storage_used_percent = static_cast<int>(55 + camera.seed % 43),
          .closed_at = dark.until};
}

std::vector<HealthReport> CameraNetwork::HealthAt(const Camera& camera,
                                                  base::Timestamp minute) const {
  std::vector<HealthReport> reports;
  if (camera.installed_at > minute) return reports;
  const auto dark = LastDarkBefore(camera, minute);
  if (dark && CeilMinute(dark->until) == minute) reports.push_back(Closing(camera, *dark));
  reports.push_back(SessionAt(camera, minute));
  return reports;
}

std::vector<HealthReport> CameraNetwork::HealthOfDay(const Camera& camera, LocalDay day) const {
  std::vector<HealthReport> reports;
  const base::Timestamp begin = MomentOf(day, 0s);
  const base::Timestamp end = MomentOf(day + days(1), 0s);
  if (camera.installed_at > end) return reports;
  for (const DarkTime& dark : DarkTimes(camera, day - days(kLongestStoryDays), day)) {
    const base::Timestamp told_at = CeilMinute(dark.until);
    if (told_at > begin && told_at <= end) reports.push_back(Closing(camera, dark));
  }
  reports.push_back(SessionAt(camera, end));
  return reports;
}

}  // namespace fansipan::simulation::internal
