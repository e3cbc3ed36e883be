#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/filing_times.h"
#include "simulation/province/internal/commune_points.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation::internal {

enum class CameraKind { kFixed, kDome, kPtz, kPlate, kThermal };
enum class RightsClass { kPublicPlace, kTraffic, kOffice };

/// One camera as the registry has it.
struct Camera {
  std::string id;
  std::string commune_code;
  std::string agency_code;
  std::string name;
  CameraKind kind = CameraKind::kFixed;
  RightsClass rights = RightsClass::kPublicPlace;
  std::optional<Point> point;
  int retention_days = 0;  ///< 0: nobody declared it
  bool has_detector = false;
  LocalDay installed_on;
  base::Timestamp installed_at;
  bool in_town = false;    ///< its commune has four cameras or more
  std::uint64_t seed = 0;  ///< of its own draws
};

/// A time without new pictures.
struct DarkTime {
  base::Timestamp from;   ///< the last picture
  base::Timestamp until;  ///< the next one
  bool says_online = false;
};

/// What a camera says of one of its sessions at a whole minute.
struct HealthReport {
  const Camera* camera = nullptr;
  base::Timestamp told_at;
  bool says_online = true;
  base::Timestamp online_since;
  base::Timestamp last_frame_at;
  base::Duration stated_age{0};
  std::optional<double> frames_per_second;
  int storage_used_percent = 0;
  std::optional<base::Timestamp> closed_at;
};

/// Which camera stories are told of, in cycles of fourteen days.
struct CameraStories {
  std::string dark_commune;  ///< all of its cameras fall silent for a day
  base::Timestamp dark_from;
  base::Timestamp dark_until;
  const Camera* liar = nullptr;  ///< says that it is online for three days while its frame ages
  base::Timestamp lies_from;
  base::Timestamp lies_until;
};

/// The cameras of a province, and when each gave pictures. Cameras, places and failures are
/// invented from the seed. Pure; safe from several threads.
class CameraNetwork {
 public:
  explicit CameraNetwork(const Province& province);
  CameraNetwork(const CameraNetwork&) = delete;
  CameraNetwork& operator=(const CameraNetwork&) = delete;

  const std::vector<Camera>& cameras() const { return cameras_; }
  const base::TimeZone& zone() const { return zone_; }
  LocalDay DayOf(base::Timestamp moment) const;
  base::Timestamp MomentOf(LocalDay day, base::Duration time) const;

  CameraStories StoriesOf(std::int64_t cycle) const;
  static std::int64_t CycleOf(LocalDay day);

  /// Those that begin on the days, in order; they do not overlap.
  std::vector<DarkTime> DarkTimes(const Camera& camera, LocalDay first, LocalDay last) const;
  bool IsDark(const Camera& camera, base::Timestamp moment) const;

  /// What is said at the minute: of the session that is the last one, and before it of one that
  /// closed since the minute before. Nothing before the camera was installed.
  std::vector<HealthReport> HealthAt(const Camera& camera, base::Timestamp minute) const;
  /// What a recorder says after the day: the last word on each session that was open on it.
  std::vector<HealthReport> HealthOfDay(const Camera& camera, LocalDay day) const;

 private:
  void AddCameras(const Province& province, const Commune& commune);
  Camera MakeCamera(const Province& province, const Commune& commune, int number) const;
  struct Fate {
    bool is_told = false;          ///< the day is part of a story of the camera
    std::optional<DarkTime> dark;  ///< begins on the day
  };
  Fate FateOn(const Camera& camera, LocalDay day) const;
  /// The last one that began before the moment.
  std::optional<DarkTime> LastDarkBefore(const Camera& camera, base::Timestamp moment) const;
  base::Timestamp OnlineSince(const Camera& camera, base::Timestamp before) const;
  HealthReport SessionAt(const Camera& camera, base::Timestamp minute) const;
  HealthReport Closing(const Camera& camera, const DarkTime& dark) const;

  const std::uint64_t seed_;
  const base::TimeZone zone_;
  std::vector<Camera> cameras_;
  std::vector<std::size_t> stars_;  ///< of whom stories are told: the fourth of each town
};

}  // namespace fansipan::simulation::internal
