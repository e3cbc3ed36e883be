#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/call.h"
#include "http/maps/map_layer.h"
#include "http/maps/map_question.h"

namespace fansipan::http {

/// One GeoJSON feature, without its links.
struct MapFeature {
  std::string id;
  std::string geometry;    ///< JSON: a point, or null
  std::string properties;  ///< JSON: an object
};

struct FeaturePage {
  std::vector<MapFeature> features;
  std::string next;                    ///< cursor; empty at the end
  std::optional<std::size_t> matched;  ///< of all pages, where it is known without reading them
};

/// Features of a layer that the caller may read. Errors: invalid_cursor, and those of figures and
/// records.
base::Result<FeaturePage> FindFeatures(Call& call, const MapLayer& layer,
                                       const MapQuestion& question);
/// kNotFound with reason unknown_feature.
base::Result<MapFeature> GetFeature(Call& call, const MapLayer& layer);

/// Those of records alone.
base::Result<FeaturePage> FindRecordFeatures(Call& call, const center::Layer& layer,
                                             const MapQuestion& question);
base::Result<MapFeature> GetRecordFeature(Call& call, const center::Layer& layer);

/// A point from the two numbers as JSON.
std::string PointText(std::string_view longitude, std::string_view latitude);
base::Error UnknownFeature(const Call& call);

}  // namespace fansipan::http
