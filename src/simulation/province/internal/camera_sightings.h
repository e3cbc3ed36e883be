#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulation/province/internal/camera_network.h"

namespace fansipan::simulation::internal {

/// What a detector counted in an hour.
struct CameraCount {
  const Camera* camera = nullptr;
  base::Timestamp counted_from;
  int persons = 0;
  int vehicles = 0;
};

/// What a detector noticed.
struct CameraEvent {
  const Camera* camera = nullptr;
  std::string id;
  std::string event;  ///< crowd, line_crossing or plate
  base::Timestamp occurred_at;
  std::optional<int> people;
  double confidence = 0;
  std::string plate_key;  ///< a pseudonym, of plates alone
};

/// Of the hour that begins at `hour`, a whole one of local time; nothing of a camera without a
/// detector, or that was dark in the middle of the hour.
std::optional<CameraCount> CountOf(const CameraNetwork& network, const Camera& camera,
                                   base::Timestamp hour);

/// Of one camera on one day, by moment. Markets and squares are full in the evening and at
/// weekends; over Tết there are more people and fewer lorries.
std::vector<CameraEvent> EventsOf(const CameraNetwork& network, const Camera& camera, LocalDay day);

}  // namespace fansipan::simulation::internal
