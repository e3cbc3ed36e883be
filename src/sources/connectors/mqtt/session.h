#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "center/connectors/mqtt.h"
#include "sources/connectors/mqtt/broker_line.h"
#include "sources/connectors/mqtt/packets.h"

namespace fansipan::sources::mqtt {

/// What came from the broker.
struct Event {
  enum class Kind { kNothing, kAlive, kMessage };
  Kind kind = Kind::kNothing;
  Message message;
};

/// One connection to a broker, signed in and subscribed. Acknowledges nothing by itself. One thread
/// at a time. Destroying it takes leave; the broker goes on keeping messages.
class Session {
 public:
  /// Errors: those of the line; kUnauthenticated sign_in_refused; kForbidden subscription_refused;
  /// kUnavailable broker_refused, broker_silent; kInvalidArgument not_mqtt.
  static base::Result<std::unique_ptr<Session>> Open(const center::Mqtt& mqtt,
                                                     std::unique_ptr<BrokerLine> line,
                                                     std::string_view password,
                                                     const std::stop_token& stop);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The broker has kept messages since the last time.
  bool resumed() const { return resumed_; }
  /// The next message, or the broker's answer to a ping; nothing when neither came until then.
  /// Pings when it is time to.
  base::Result<Event> Receive(Instant until, const std::stop_token& stop);
  base::Status Acknowledge(const std::vector<std::uint16_t>& ids);

  /// Pings from a thread of its own while it lives; nobody uses the session meanwhile.
  class Pulse {
   public:
    explicit Pulse(Session& session);
    ~Pulse();
    Pulse(const Pulse&) = delete;
    Pulse& operator=(const Pulse&) = delete;

   private:
    Session& session_;
    std::jthread thread_;
  };

 private:
  Session(const center::Mqtt& mqtt, std::unique_ptr<BrokerLine> line);
  base::Status Connect(std::string_view password, const std::stop_token& stop);
  base::Status Subscribe(const std::stop_token& stop);
  /// Nothing when no packet was here whole until then.
  base::Result<std::optional<Packet>> NextPacket(Instant until, const std::stop_token& stop);
  base::Result<Packet> Answer(const std::stop_token& stop);
  base::Result<Event> EventOf(const Packet& packet);
  base::Status Ping();
  base::Status KeepAlive(Instant now);
  base::Error Refused(const ConnAck& answer) const;
  base::Error Ended(std::uint8_t reason) const;

  const center::Mqtt& mqtt_;
  const std::unique_ptr<BrokerLine> line_;
  PacketReader reader_;
  bool resumed_ = false;
  std::chrono::milliseconds ping_every_;
  std::chrono::milliseconds patience_;  ///< for the answer to a ping
  Instant ping_at_;                     ///< when the next is due
  std::optional<Instant> answer_by_;    ///< when the answer to the last one is due
  std::optional<Instant> whole_by_;     ///< when the packet that has begun must have ended
  std::vector<Message> early_;          ///< came before the answer to the subscription
};

}  // namespace fansipan::sources::mqtt
