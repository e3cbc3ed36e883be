#pragma once

#include <string_view>

#include "center/center.h"
#include "http/rendering/json_writer.h"

namespace fansipan::http {

/// Name, title, languages, time zone and revision: members of one object.
void WriteCenterName(JsonWriter& json, const center::Center& center);
/// One object, without a name.
void WriteIndicator(JsonWriter& json, const model::Indicator& indicator);
/// Members of one object, without the path.
void WriteUnit(JsonWriter& json, const model::UnitTree& tree, model::UnitId id);

}  // namespace fansipan::http
