#pragma once

#include <string>
#include <vector>

#include "center/center.h"
#include "http/call.h"
#include "security/authorisation.h"

namespace fansipan::http {

/// The names of a list separated by commas, as in `indicator=a,b`.
std::vector<std::string> SplitNames(std::string_view text);

/// True when all indicators of the panel are public.
bool IsPublic(const center::Center& center, const center::Panel& panel);

/// What the center declares; public as soon as it marks anything public.
security::Object CenterObject(const Call& call);
/// The indicators of query parameter `indicator`; public when all of them are.
security::Object IndicatorsInQuery(const Call& call);
/// The panel of path or query parameter `name` or `panel`; public when all its indicators are.
security::Object PanelObject(const Call& call);

}  // namespace fansipan::http
