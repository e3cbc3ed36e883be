#pragma once

#include "http/rendering/json_writer.h"
#include "http/source_trial.h"

namespace fansipan::http {

/// Members: counts, old_codes, sheet, reasons and rows, each row raw, mapped and refused.
void WriteTrial(JsonWriter& json, const sources::Trial& trial);
/// Members: source, file_name, told, bytes, begins, refused and trial.
void WriteSourceTrial(JsonWriter& json, const SourceTrial& shown);

}  // namespace fansipan::http
