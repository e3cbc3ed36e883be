#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/meta_store.h"

namespace fansipan::store {

/// Format number of the file. A newer file is refused.
inline constexpr int kSqliteMetaStoreFormat = 2;

/// Opens or makes the metadata store in the SQLite file at `path`, in a folder that exists. Only
/// the file's owner may read it. Write-ahead log with every commit synced; calls from several
/// threads take turns. kUnsupported: the file is of a newer release; kCorrupt: it is not one of
/// ours.
base::Result<std::unique_ptr<MetaStore>> OpenSqliteMetaStore(const std::string& path);

}  // namespace fansipan::store
