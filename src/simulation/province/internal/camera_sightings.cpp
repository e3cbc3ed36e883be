#include "simulation/province/internal/camera_sightings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

constexpr std::uint64_t kOfCounts = 0xC0C0;
constexpr std::uint64_t kOfEvents = 0xE7E7;
constexpr std::uint64_t kOfPlates = 0x91A7;
constexpr double kVehiclesKnown = 2'500;
constexpr double kPlatesADay = 14;

// Hours from midnight.
constexpr std::array<double, 24> kPersons = {0.1, 0.05, 0.05, 0.05, 0.1, 0.5, 1.4, 1.8,
                                             1.4, 1.1,  1.1,  1.3,  0.9, 0.9, 1.1, 1.2,
                                             1.7, 2.0,  1.9,  1.8,  1.4, 0.9, 0.5, 0.2};
constexpr std::array<double, 24> kVehicles = {0.2, 0.15, 0.15, 0.2, 0.3, 0.7, 1.5, 1.9,
                                              1.4, 1.2,  1.1,  1.2, 0.9, 1.0, 1.2, 1.3,
                                              1.8, 2.0,  1.4,  1.0, 0.8, 0.6, 0.4, 0.3};

struct Festival {
  LocalDay from;
  LocalDay until;
};
// The days around the Lunar New Year.
constexpr std::array<Festival, 3> kTet{{
    {LocalDay{2025y / 1 / 27}, LocalDay{2025y / 2 / 2}},
    {LocalDay{2026y / 2 / 15}, LocalDay{2026y / 2 / 22}},
    {LocalDay{2027y / 2 / 4}, LocalDay{2027y / 2 / 12}},
}};

bool IsTet(LocalDay day) {
  return std::ranges::any_of(
      kTet, [&](const Festival& tet) { return tet.from <= day && day <= tet.until; });
}

double MeanPersons(const Camera& camera) {
  const double place = camera.rights == RightsClass::kPublicPlace ? 90 : 25;
  return place * (camera.in_town ? 2.5 : 1) * (0.6 + static_cast<double>(camera.seed % 80) / 100);
}

double MeanVehicles(const Camera& camera) {
  const double place = camera.rights == RightsClass::kTraffic ? 160 : 30;
  return place * (camera.in_town ? 2 : 1) * (0.6 + static_cast<double>(camera.seed % 70) / 100);
}

Dice DiceOf(const Camera& camera, std::uint64_t purpose, std::int64_t moment) {
  return Dice(MixSeeds(MixSeeds(camera.seed, purpose), static_cast<std::uint64_t>(moment)));
}

std::size_t HourOf(const CameraNetwork& network, base::Timestamp moment) {
  const base::LocalTime local = network.zone().ToLocal(moment);
  return static_cast<std::size_t>((local - std::chrono::floor<days>(local)) / hours(1));
}

int Times(double mean, Dice& dice) {
  const double whole = std::floor(mean);
  return static_cast<int>(whole) + (dice.Chance(mean - whole) ? 1 : 0);
}

/// As a keyed hash gives it: 64 hexadecimal digits that tell nobody the plate.
std::string PlateKey(std::int64_t vehicle) {
  std::string key;
  for (std::uint64_t part = 0; part < 4; ++part) {
    key += fmt::format("{:016x}",
                       MixSeeds(MixSeeds(kOfPlates, static_cast<std::uint64_t>(vehicle)), part));
  }
  return key;
}

double CrowdsADay(const Camera& camera, LocalDay day) {
  if (camera.rights != RightsClass::kPublicPlace) return 0;
  const double place = camera.in_town ? 0.35 : 0.08;
  return place * (IsWeekend(day) ? 2 : 1) * (IsTet(day) ? 2.5 : 1);
}

class EventsOfDay {
 public:
  EventsOfDay(const CameraNetwork& network, const Camera& camera, LocalDay day)
      : network_(network),
        camera_(camera),
        day_(day),
        dice_(DiceOf(camera, kOfEvents, day.time_since_epoch().count())) {}

  std::vector<CameraEvent> Draw() {
    for (int left = Times(CrowdsADay(camera_, day_), dice_); left > 0; --left) {
      CameraEvent& crowd = Add("crowd", kPersons);
      crowd.people = static_cast<int>(dice_.Between(30, IsTet(day_) ? 400 : 180));
    }
    if (camera_.rights == RightsClass::kOffice) {
      for (int left = Times(0.7, dice_); left > 0; --left) Add("line_crossing", kVehicles);
    }
    if (camera_.kind == CameraKind::kPlate) {
      for (int left = Times(kPlatesADay, dice_); left > 0; --left) {
        CameraEvent& plate = Add("plate", kVehicles);
        // Some vehicles come every day.
        plate.plate_key =
            PlateKey(static_cast<std::int64_t>(kVehiclesKnown * std::pow(dice_.Unit(), 2)));
      }
    }
    return Finished();
  }

 private:
  CameraEvent& Add(std::string event, const std::array<double, 24>& by_hour) {
    const auto hour = static_cast<int>(dice_.Pick(by_hour));
    const base::Duration time = hours(hour) + seconds(dice_.Between(0, 3599));
    events_.push_back({.camera = &camera_,
                       .id = {},
                       .event = std::move(event),
                       .occurred_at = network_.MomentOf(day_, time),
                       .people = std::nullopt,
                       .confidence = std::round(1000 * dice_.Spread(0.62, 0.99)) / 1000,
                       .plate_key = {}});
    return events_.back();
  }

  // A camera that gives no pictures notices nothing; the others keep their numbers.
  std::vector<CameraEvent> Finished() {
    std::ranges::stable_sort(events_, {}, &CameraEvent::occurred_at);
    const std::chrono::year_month_day date{day_};
    for (std::size_t i = 0; i < events_.size(); ++i) {
      events_[i].id = fmt::format(
          "{}-{:04}{:02}{:02}-{:03}", camera_.id, static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), i + 1);
    }
    std::erase_if(events_, [&](const CameraEvent& event) {
      return event.occurred_at < camera_.installed_at ||
             network_.IsDark(camera_, event.occurred_at);
    });
    return std::move(events_);
  }

  const CameraNetwork& network_;
  const Camera& camera_;
  const LocalDay day_;
  Dice dice_;
  std::vector<CameraEvent> events_;
};

}  // namespace

std::optional<CameraCount> CountOf(const CameraNetwork& network, const Camera& camera,
                                   base::Timestamp hour) {
  if (!camera.has_detector || camera.installed_at > hour ||
      network.IsDark(camera, hour + minutes(30))) {
    return std::nullopt;
  }
  Dice dice = DiceOf(camera, kOfCounts, hour.time_since_epoch().count());
  const LocalDay day = network.DayOf(hour);
  const std::size_t of_day = HourOf(network, hour);
  const bool is_free = IsWeekend(day) || IsTet(day);
  const double persons = MeanPersons(camera) * kPersons.at(of_day) * (is_free ? 1.3 : 1);
  const double vehicles = MeanVehicles(camera) * kVehicles.at(of_day) *
                          (IsTet(day) ? 0.6
                           : is_free  ? 0.9
                                      : 1);
  return CameraCount{.camera = &camera,
                     .counted_from = hour,
                     .persons = static_cast<int>(persons * dice.Spread(0.75, 1.25)),
                     .vehicles = static_cast<int>(vehicles * dice.Spread(0.75, 1.25))};
}

std::vector<CameraEvent> EventsOf(const CameraNetwork& network, const Camera& camera,
                                  LocalDay day) {
  if (!camera.has_detector) return {};
  return EventsOfDay(network, camera, day).Draw();
}

}  // namespace fansipan::simulation::internal
