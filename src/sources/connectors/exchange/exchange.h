#pragma once

#include <memory>

#include "base/metrics.h"
#include "center/source.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/http/http_client.h"

namespace fansipan::sources {

/// The connector exchange: asks which documents wait, fetches each, hands it over, and then tells
/// the exchange. A document is durable before the exchange is told that it was received; the
/// position holds the ids of those that it has not been told of, so that a kill between the two
/// neither loses a document nor fetches it twice. One that cannot be decoded is refused, when that
/// is declared, after a second fetch has brought the same bytes; else it is left waiting and shown.
/// The others go on. `source` must outlive it.
std::unique_ptr<Connector> MakeExchange(const center::Source& source,
                                        base::MetricsRegistry& metrics);
/// The same with another way to the exchange.
std::unique_ptr<Connector> MakeExchange(const center::Source& source,
                                        base::MetricsRegistry& metrics,
                                        std::unique_ptr<HttpClient> client);

}  // namespace fansipan::sources
