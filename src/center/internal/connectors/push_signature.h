#pragma once

#include <memory>

#include "center/connectors/push_signature.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

/// `push.signed` of a source. Null when it is not there.
std::shared_ptr<const PushSignature> ReadPushSignature(const YamlMap& source);

}  // namespace fansipan::center
