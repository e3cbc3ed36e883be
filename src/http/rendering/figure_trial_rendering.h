#pragma once

#include <string_view>

#include "http/figure_trial.h"
#include "http/rendering/json_writer.h"

namespace fansipan::http {

/// What a planned center would make of what is recorded, as an object.
void WriteFigureTrial(JsonWriter& json, std::string_view name, const FigureTrial& trial);

}  // namespace fansipan::http
