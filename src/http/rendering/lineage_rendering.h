#pragma once

#include <string>

#include "center/center.h"
#include "model/unit.h"

namespace fansipan::http {

/// UnitLineage of the interface's description: states, codes, attributes and events of a unit, and
/// who holds its content on `day`.
std::string RenderLineage(const center::Center& center, model::TreeKind kind, model::UnitId unit,
                          model::Date day);

/// GroupList of the interface's description: the groups with their members on `day`.
std::string RenderGroupings(const center::Center& center, model::TreeKind kind, model::Date day);

}  // namespace fansipan::http
