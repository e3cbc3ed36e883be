#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "base/metrics.h"
#include "center/source.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/mqtt/broker_line.h"

namespace fansipan::sources {

/// The connector mqtt: listens to topics of a broker. Messages are gathered into deliveries, and
/// acknowledged to the broker only when their delivery is recorded; until then the broker keeps
/// them, and sends them again after a broken connection or a kill. An asking listens for a while
/// and leaves the connection open for the next. `source` must outlive it.
std::unique_ptr<Connector> MakeMqtt(const center::Source& source, base::MetricsRegistry& metrics);

namespace mqtt {
using OpenLine =
    std::function<base::Result<std::unique_ptr<BrokerLine>>(const std::stop_token& stop)>;
}
/// The same with another way to the broker.
std::unique_ptr<Connector> MakeMqtt(const center::Source& source, base::MetricsRegistry& metrics,
                                    mqtt::OpenLine open);

}  // namespace fansipan::sources
