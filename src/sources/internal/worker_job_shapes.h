#pragma once

#include <nlohmann/json_fwd.hpp>

#include "center/source.h"

namespace fansipan::sources::internal {

// The shapes of a source's files as they stand in a worker's job. What is parsed was encoded by the
// same program; a value that is missing throws the library's exception, which ParseWorkerJob takes.

nlohmann::json EncodeJsonShape(const center::JsonShape& shape);
center::JsonShape ParseJsonShape(const nlohmann::json& value);

nlohmann::json EncodeXmlShape(const center::XmlShape& shape);
center::XmlShape ParseXmlShape(const nlohmann::json& value);

/// What its decoder needs of it: not the layer.
nlohmann::json EncodeGeodata(const center::GeodataShape& shape);
center::GeodataShape ParseGeodata(const nlohmann::json& value);

/// Where totals stand in the payload; null without any.
nlohmann::json EncodeControlTotals(const center::Source& source);
void ParseControlTotals(const nlohmann::json& value, center::Source& source);

}  // namespace fansipan::sources::internal
