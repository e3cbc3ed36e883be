#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "center/center.h"
#include "http/rendering/json_writer.h"
#include "indicators/changes/figure_change.h"

namespace fansipan::http {

/// How a change of a figure is told.
struct ChangeForm {
  const center::Center* center = nullptr;  ///< for titles
  /// Path and query of the records behind one part of a step; empty: there is no such list.
  std::function<std::string(const indicators::ChangeStep&, const model::FormulaPart&)> records_link;
};

void WriteFigureState(JsonWriter& json, std::string_view name,
                      const indicators::FigureState& state);

/// Members of FigureChange in the interface's description: both ends, their difference, its sums by
/// cause, and the steps in order.
void WriteChange(JsonWriter& json, const ChangeForm& form, const indicators::FigureChange& change);

}  // namespace fansipan::http
