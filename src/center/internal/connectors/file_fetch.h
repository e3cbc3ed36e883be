#pragma once

#include <memory>

#include "center/connectors/file_fetch.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

/// `file_fetch` of a source whose format and reach are read; reports what cannot be fetched with
/// them. Null when it is not there.
std::shared_ptr<const FileFetch> ReadFileFetch(const YamlMap& source, const Source& read);

}  // namespace fansipan::center
