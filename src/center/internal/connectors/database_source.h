#pragma once

#include <memory>

#include "center/connectors/database_source.h"
#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

/// `postgres` and `odbc` of a source whose format and reach are read; they report what cannot be
/// asked. Null when it is not there.
std::shared_ptr<const PostgresSource> ReadPostgres(Draft& draft, const YamlMap& source,
                                                   const Source& read);
std::shared_ptr<const OdbcSource> ReadOdbc(Draft& draft, const YamlMap& source, const Source& read);

}  // namespace fansipan::center
