#pragma once

#include <memory>

#include "base/metrics.h"
#include "center/center.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/file_fetch/file_server.h"
#include "sources/connectors/http/http_client.h"

namespace fansipan::sources {

/// The connector file_fetch: fetches the files of a folder (SFTP, FTPS), the oldest first, or one
/// file (HTTP). Each is one delivery, recorded together with what of the folder was taken, so that
/// a kill neither loses nor doubles one. A file that is not finished, or cannot be taken, holds up
/// no other. `source` must outlive it.
std::unique_ptr<Connector> MakeFileFetch(const center::Source& source,
                                         base::MetricsRegistry& metrics);

/// The same of a folder, with another way to the server.
std::unique_ptr<Connector> MakeFolderFetch(const center::Source& source,
                                           std::unique_ptr<FileServer> server,
                                           base::MetricsRegistry& metrics);
/// The same of one file over HTTP.
std::unique_ptr<Connector> MakeHttpFileFetch(const center::Source& source,
                                             std::unique_ptr<HttpClient> client,
                                             base::MetricsRegistry& metrics);

}  // namespace fansipan::sources
