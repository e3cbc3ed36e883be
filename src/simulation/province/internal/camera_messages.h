#pragma once

#include <span>
#include <string>

#include "simulation/province/internal/camera_network.h"
#include "simulation/province/internal/camera_sightings.h"

namespace fansipan::simulation::internal {

/// One line of NDJSON each, with a newline: a message of the broker with its topic, in the form
/// that the sample center's sources camera_health, camera_detections and camera_night_log read.
std::string EncodeMessage(const HealthReport& report);
std::string EncodeMessage(const CameraCount& count);
std::string EncodeMessage(const CameraEvent& event);

/// The registry as an office exports it: title lines, a header, a row for each camera that is in
/// service at the moment, and the total at the foot.
std::string EncodeRegistry(const CameraNetwork& network, base::Timestamp moment);
std::size_t CamerasInService(const CameraNetwork& network, base::Timestamp moment);

}  // namespace fansipan::simulation::internal
