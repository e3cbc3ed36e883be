#pragma once

#include "indicators/internal/bytes.h"
#include "model/value.h"

namespace fansipan::indicators::internal {

/// A byte that tells the type, then what it asks for; as docs/formats/cell_log.md has it.
void WriteValue(const model::Value& value, ByteWriter& writer);
/// What WriteValue wrote; fails the reader for anything else.
model::Value ReadValue(ByteReader& reader);
/// Passes over what WriteValue wrote; what it is made of is checked less than by ReadValue.
void SkipValue(ByteReader& reader);

}  // namespace fansipan::indicators::internal
