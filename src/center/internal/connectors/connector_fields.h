#pragma once

#include "center/internal/field_texts.h"
#include "center/source.h"

namespace fansipan::center {

/// What a source declares for its connectors.
void AppendConnectors(const Source& source, Fields& fields);

}  // namespace fansipan::center
