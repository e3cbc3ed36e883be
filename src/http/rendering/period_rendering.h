#pragma once

#include <string_view>

#include "center/center.h"
#include "http/rendering/json_writer.h"
#include "model/period.h"

namespace fansipan::http {

/// How much of a period is written: kWhole says everything it answers for itself with, kShort what
/// names it, where so many figures have it that only so much is said.
enum class PeriodForm { kWhole, kShort };

/// Period of the interface's description; an item of an array when `name` is empty.
void WritePeriod(JsonWriter& json, std::string_view name, const center::Center& center,
                 const model::Period& period, PeriodForm form = PeriodForm::kWhole);

/// The member `label`, of every regime but the calendar, whose texts any reader can write out.
void WriteLabelUnlessCalendar(JsonWriter& json, const model::Period& period);

/// The calendar and the declared regimes with their kinds, as the member `regimes`.
void WriteRegimes(JsonWriter& json, const center::Center& center);

}  // namespace fansipan::http
