#pragma once

#include <cstdint>

#include "base/files.h"
#include "base/time_zone.h"
#include "simulation/places.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The province of the sample center.
inline Province SampleProvince(std::uint64_t seed = 1) {
  base::PosixFileSystem files;
  return {.places = LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value(),
          .zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value(),
          .seed = seed};
}

}  // namespace fansipan::simulation
