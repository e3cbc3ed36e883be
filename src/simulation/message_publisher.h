#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "simulation/sensor_network.h"

namespace fansipan::simulation {

/// One connection to a broker. Used by one thread at a time.
class MessagePublisher {
 public:
  virtual ~MessagePublisher() = default;
  /// OK once the broker has confirmed the message (QoS 1). kUnavailable when it did not: it may
  /// have it or not; the next message connects anew. kUnauthenticated when it refuses the sign-in.
  virtual base::Status Publish(const SensorMessage& message) = 0;
};

struct BrokerAccess {
  std::string url = "mqtt://127.0.0.1:1883";  ///< without TLS, with a port
  std::string client_id = "fansipan-sensors";
  std::string user;  ///< empty: nobody signs in
  std::string password;
};

/// Connects with the first message and keeps the connection. MQTT 3.1.1.
base::Result<std::unique_ptr<MessagePublisher>> OpenMessagePublisher(const BrokerAccess& access);

}  // namespace fansipan::simulation
