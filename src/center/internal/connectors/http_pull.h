#pragma once

#include <memory>

#include "center/connectors/http_pull.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

/// The places of `reach` of a source.
std::vector<Reach> ReadReach(const YamlMap& source);

/// `http_pull` of a source whose format and reach are read; reports what cannot be asked with them.
/// Null when it is not there.
std::shared_ptr<const HttpPull> ReadHttpPull(const YamlMap& source, const Source& read);

}  // namespace fansipan::center
