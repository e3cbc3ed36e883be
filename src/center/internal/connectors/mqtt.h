#pragma once

#include <memory>

#include "center/connectors/mqtt.h"
#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

/// `mqtt` of a source whose format and reach are read; reports what cannot be listened to with
/// them. Null when it is not there.
std::shared_ptr<const Mqtt> ReadMqtt(const YamlMap& source, const Source& read);

}  // namespace fansipan::center
