#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::sources::internal {

/// A dimension, attribute or measure of an SDMX-JSON message, with the values that its data points
/// to by number.
struct SdmxComponent {
  std::string id;
  std::vector<std::string> values;  ///< id of a code, else the value itself
  std::optional<std::string> fallback;
};

/// Where a column's text comes from.
enum class SdmxLevel { kDataSet, kSeries, kObservation };
struct SdmxPlace {
  enum class Kind { kDimension, kAttribute, kMeasure };
  Kind kind = Kind::kDimension;
  SdmxLevel level = SdmxLevel::kObservation;
  std::size_t index = 0;  ///< among the components of kind and level
};

/// What a message says of one structure: which components there are, and at which level of its data
/// they stand.
struct SdmxStructure {
  std::vector<SdmxComponent> dimensions[3];  ///< by SdmxLevel
  std::vector<SdmxComponent> attributes[3];
  std::vector<SdmxComponent> measures;  ///< of an observation; one, OBS_VALUE, where none is said
  /// Attributes of groups of series, which are not read.
  std::vector<std::string> group_attributes;

  const SdmxComponent& At(const SdmxPlace& place) const;
  /// Error wrong_columns, with what there is.
  base::Result<SdmxPlace> Find(std::string_view id) const;
};

/// Reads an object `structure`, or one of `structures`, of SDMX-JSON 1.0 to 2.1, which must be well
/// formed JSON. Error wrong_shape.
base::Result<SdmxStructure> ParseSdmxStructure(std::string_view text);
/// Each item of an array of them.
base::Result<std::vector<SdmxStructure>> ParseSdmxStructures(std::string_view text);

}  // namespace fansipan::sources::internal
