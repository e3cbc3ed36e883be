#pragma once

#include <memory>

#include "base/metrics.h"
#include "center/center.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/http/http_client.h"

namespace fansipan::sources {

/// The connector http_pull: asks a REST source page by page. Each page is one delivery, recorded
/// together with where the next one begins, so that a kill between two pages neither loses nor
/// doubles one. An answer without records, or that the source calls unchanged, is a sign of life.
/// `source` must outlive it.
std::unique_ptr<Connector> MakeHttpPull(const center::Source& source,
                                        base::MetricsRegistry& metrics);
/// The same with another way to the source.
std::unique_ptr<Connector> MakeHttpPull(const center::Source& source,
                                        base::MetricsRegistry& metrics,
                                        std::unique_ptr<HttpClient> client);

}  // namespace fansipan::sources
