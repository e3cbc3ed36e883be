#include "simulation/province/cameras_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "simulation/province/internal/camera_messages.h"
#include "simulation/province/internal/camera_network.h"
#include "simulation/province/internal/camera_sightings.h"

namespace fansipan::simulation {
namespace {

using internal::Camera;
using internal::CameraEvent;
using internal::CameraNetwork;
using internal::LocalDay;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using namespace std::chrono_literals;

constexpr const char* kSystem = "cameras";
constexpr const char* kMessages = "application/x-ndjson";
constexpr base::Duration kRegistryTime = hours(6);
constexpr base::Duration kLogTime = minutes(30);

std::string DayText(LocalDay day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// Adds what is in the body, with how many lines it has, unless there are none.
void AddMessages(SystemDelivery delivery, std::vector<SystemDelivery>& deliveries) {
  delivery.media_type = kMessages;
  delivery.rows = static_cast<std::size_t>(std::ranges::count(delivery.body, '\n'));
  if (delivery.rows > 0) deliveries.push_back(std::move(delivery));
}

class CamerasModel final : public SystemModel {
 public:
  explicit CamerasModel(const Province& province) : network_(province) {}

  std::vector<std::string> sources() const override {
    return {"camera_night_log", "camera_registry"};
  }
  base::Duration history() const override { return days(30); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> deliveries;
    for (LocalDay day = network_.DayOf(from); day <= network_.DayOf(until); day += days(1)) {
      const auto falls = [&](base::Timestamp moment) { return from <= moment && moment < until; };
      const base::Timestamp log_at = network_.MomentOf(day, kLogTime);
      if (falls(log_at)) AddNightLog(log_at, day - days(1), deliveries);
      const base::Timestamp registry_at = network_.MomentOf(day, kRegistryTime);
      if (std::chrono::weekday(day) == std::chrono::Monday && falls(registry_at)) {
        AddRegistry(registry_at, day, deliveries);
      }
    }
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override;

 private:
  void AddRegistry(base::Timestamp at, LocalDay day,
                   std::vector<SystemDelivery>& deliveries) const {
    SystemDelivery delivery{.at = at,
                            .source = "camera_registry",
                            .media_type = "text/csv",
                            .file_name = fmt::format("danh-muc-camera-{}.csv", DayText(day)),
                            .body = internal::EncodeRegistry(network_, at),
                            .rows = internal::CamerasInService(network_, at)};
    deliveries.push_back(std::move(delivery));
  }

  void AddNightLog(base::Timestamp at, LocalDay day,
                   std::vector<SystemDelivery>& deliveries) const {
    SystemDelivery delivery{.at = at,
                            .source = "camera_night_log",
                            .file_name = fmt::format("nhat-ky-camera-{}.ndjson", DayText(day))};
    for (const Camera& camera : network_.cameras()) {
      for (const auto& report : network_.HealthOfDay(camera, day)) {
        delivery.body += internal::EncodeMessage(report);
      }
      for (int hour = 0; hour < 24; ++hour) {
        const base::Timestamp begin = network_.MomentOf(day, hours(hour));
        const auto count = internal::CountOf(network_, camera, begin);
        if (count) delivery.body += internal::EncodeMessage(*count);
      }
      for (const CameraEvent& event : internal::EventsOf(network_, camera, day)) {
        delivery.body += internal::EncodeMessage(event);
      }
    }
    AddMessages(std::move(delivery), deliveries);
  }

  const CameraNetwork network_;
};

std::vector<PlantedStory> CamerasModel::StoriesBetween(base::Timestamp from,
                                                       base::Timestamp until) const {
  std::vector<PlantedStory> stories;
  const auto add = [&](PlantedStory story) {
    if (story.from < until && from < story.until) stories.push_back(std::move(story));
  };
  const std::int64_t last = CameraNetwork::CycleOf(network_.DayOf(until));
  for (auto cycle = CameraNetwork::CycleOf(network_.DayOf(from)); cycle <= last; ++cycle) {
    const internal::CameraStories told = network_.StoriesOf(cycle);
    if (told.liar == nullptr) continue;
    add({.name = fmt::format("cameras_dark_{}", DayText(network_.DayOf(told.dark_from))),
         .system = kSystem,
         .indicator = "cameras_silent",
         .unit = told.dark_commune,
         .text = "all cameras of a commune fall silent for a day",
         .from = told.dark_from,
         .until = told.dark_until});
    add({.name = fmt::format("cameras_liar_{}", DayText(network_.DayOf(told.lies_from))),
         .system = kSystem,
         .indicator = "cameras_falsely_online",
         .unit = told.liar->commune_code,
         .text = fmt::format("{} says that it is online while its frame ages", told.liar->id),
         .from = told.lies_from,
         .until = told.lies_until});
  }
  return stories;
}

class CameraStreamModel final : public SystemModel {
 public:
  explicit CameraStreamModel(const Province& province) : network_(province) {}

  std::vector<std::string> sources() const override {
    return {"camera_detections", "camera_health"};
  }
  base::Duration history() const override { return hours(1); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> deliveries;
    for (auto minute = std::chrono::ceil<minutes>(from); minute < until; minute += minutes(1)) {
      AddHealth(minute, deliveries);
      AddDetections(minute, deliveries);
    }
    return deliveries;
  }

  /// They are told of by the model of the registry and the nights.
  std::vector<PlantedStory> StoriesBetween(base::Timestamp /*from*/,
                                           base::Timestamp /*until*/) const override {
    return {};
  }

 private:
  void AddHealth(base::Timestamp minute, std::vector<SystemDelivery>& deliveries) const {
    SystemDelivery delivery{.at = minute, .source = "camera_health"};
    for (const Camera& camera : network_.cameras()) {
      for (const auto& report : network_.HealthAt(camera, minute)) {
        delivery.body += internal::EncodeMessage(report);
      }
    }
    AddMessages(std::move(delivery), deliveries);
  }

  /// Counts of an hour one minute after it, and what occurred in the minute before.
  void AddDetections(base::Timestamp minute, std::vector<SystemDelivery>& deliveries) const {
    SystemDelivery delivery{.at = minute, .source = "camera_detections"};
    const base::Timestamp hour = std::chrono::floor<hours>(minute);
    const base::Timestamp since = minute - minutes(1);
    for (const Camera& camera : network_.cameras()) {
      if (minute == hour + minutes(1)) {
        const auto count = internal::CountOf(network_, camera, hour - hours(1));
        if (count) delivery.body += internal::EncodeMessage(*count);
      }
      for (const CameraEvent& event : internal::EventsOf(network_, camera, network_.DayOf(since))) {
        const bool is_new = since <= event.occurred_at && event.occurred_at < minute;
        if (is_new) delivery.body += internal::EncodeMessage(event);
      }
    }
    AddMessages(std::move(delivery), deliveries);
  }

  const CameraNetwork network_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeCamerasModel(const Province& province) {
  return std::make_unique<CamerasModel>(province);
}

std::unique_ptr<SystemModel> MakeCameraStreamModel(const Province& province) {
  return std::make_unique<CameraStreamModel>(province);
}

}  // namespace fansipan::simulation
