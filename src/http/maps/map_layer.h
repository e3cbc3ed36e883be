#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "http/call.h"
#include "http/rendering/json_writer.h"

namespace fansipan::http {

/// A collection of points: the territory's units, or a layer that the center declares.
struct MapLayer {
  std::string name;
  const center::Layer* declared = nullptr;  ///< null: the units
};

/// Those that whoever asks may read, the units first.
std::vector<MapLayer> ReadableLayers(const Call& call);
/// kNotFound with reason unknown_layer; kUnauthenticated or kForbidden where records or figures of
/// the layer are not theirs to read who ask.
base::Result<MapLayer> GetLayer(Call& call);

/// One collection as it is described, an object without a name.
void WriteCollection(JsonWriter& json, const Call& call, const std::string& base,
                     const MapLayer& layer);

}  // namespace fansipan::http
