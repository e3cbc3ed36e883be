#pragma once

#include "center/internal/field_texts.h"
#include "center/source.h"

namespace fansipan::center {

/// What a source declares of its contract.
void AppendContract(const Source& source, Fields& fields);

}  // namespace fansipan::center
