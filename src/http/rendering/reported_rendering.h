#pragma once

#include <optional>
#include <vector>

#include "center/center.h"
#include "http/rendering/json_writer.h"
#include "indicators/reported/reported_values.h"
#include "model/cross_check.h"
#include "model/figure.h"

namespace fansipan::http {

/// Member `reported` of a passport: the statement that the figure shows, or null.
void WriteStated(JsonWriter& json, const std::optional<model::StatedValue>& stated);
/// One object without a name.
void WriteComparison(JsonWriter& json, const center::Center& center,
                     const model::Comparison& comparison);
/// Member `comparisons`.
void WriteComparisons(JsonWriter& json, const center::Center& center,
                      const std::vector<model::Comparison>& comparisons);
/// Member `statements`, in the order in which they came to be known.
void WriteStatements(JsonWriter& json, const model::ReportedShape& shape,
                     const std::vector<indicators::KnownStatement>& statements);

}  // namespace fansipan::http
