#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "center/source.h"

namespace fansipan::sources::mqtt {

/// Of the machine, for waits on the network only.
using Instant = std::chrono::steady_clock::time_point;

/// An open connection to a broker. One thread at a time. Errors: kUnavailable connection_lost,
/// connector_stopped.
class BrokerLine {
 public:
  virtual ~BrokerLine() = default;
  /// What has come; empty when nothing came until then.
  virtual base::Result<std::string> Read(Instant until, const std::stop_token& stop) = 0;
  virtual base::Status Write(std::string_view bytes) = 0;
};

/// Connects to an address of the declared network: the name is resolved here, each address compared
/// with the network, and the socket made for that same address. With `tls` the certificate must be
/// trusted by this machine and name the host. Errors: kForbidden address_not_allowed; kUnavailable
/// host_unknown, no_connection, certificate_refused, connector_stopped.
base::Result<std::unique_ptr<BrokerLine>> OpenBrokerLine(const center::Reach& reach, bool tls,
                                                         const std::stop_token& stop);

}  // namespace fansipan::sources::mqtt
