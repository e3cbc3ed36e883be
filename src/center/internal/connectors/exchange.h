#pragma once

#include <memory>

#include "center/connectors/exchange.h"
#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

/// `exchange` of a source whose format and reach are read; reports what cannot be asked with them.
/// Null when it is not there.
std::shared_ptr<const Exchange> ReadExchange(const YamlMap& source, const Source& read);

}  // namespace fansipan::center
