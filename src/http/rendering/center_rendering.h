#pragma once

#include <optional>
#include <string_view>

#include "center/center.h"
#include "http/rendering/json_writer.h"

namespace fansipan::http {

/// Name, title, languages, time zone and revision: members of one object.
void WriteCenterName(JsonWriter& json, const center::Center& center);
/// One object, without a name.
void WriteIndicator(JsonWriter& json, const model::Indicator& indicator);
/// Members of one object, without the path: the unit as it is on `day`, or on the nearest day on
/// which it exists.
void WriteUnit(JsonWriter& json, const model::UnitTree& tree, model::UnitId id, model::Date day);
/// The path from the top down to the unit, on the same day.
void WriteUnitPathOn(JsonWriter& json, const model::UnitTree& tree, model::UnitId id,
                     model::Date day);
/// Null when there is none.
void WriteDate(JsonWriter& json, std::string_view name, const std::optional<model::Date>& day);

}  // namespace fansipan::http
