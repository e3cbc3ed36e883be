#pragma once

#include <memory>

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "center/source_contract.h"

namespace fansipan::center {

/// What a source's declaration says of its contract: contact, freshness, cadence, volume, schema
/// and control_totals. Null when it says nothing. The rest of `read` has been read.
std::shared_ptr<const SourceContract> ReadSourceContract(const YamlMap& source, const Source& read,
                                                         const Draft& draft);

}  // namespace fansipan::center
