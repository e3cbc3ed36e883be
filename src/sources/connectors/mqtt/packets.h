#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/connectors/mqtt.h"

namespace fansipan::sources::mqtt {

/// Types of control packets that a listening client sends or receives (MQTT 3.1.1 and 5, table
/// 2.1).
enum class PacketType : std::uint8_t {
  kConnect = 1,
  kConnAck = 2,
  kPublish = 3,
  kPubAck = 4,
  kSubscribe = 8,
  kSubAck = 9,
  kPingRequest = 12,
  kPingResponse = 13,
  kDisconnect = 14
};

/// One control packet as it came.
struct Packet {
  PacketType type = PacketType::kConnect;
  std::uint8_t flags = 0;
  std::string body;          ///< at most as much as is kept
  std::uint64_t length = 0;  ///< that it has in truth
};

/// Cuts a stream of bytes into packets, holding no more than a bounded part of each: the rest of a
/// large one is passed over as it comes.
class PacketReader {
 public:
  explicit PacketReader(std::uint64_t kept_bytes) : kept_bytes_(kept_bytes) {}

  void Feed(std::string_view bytes);
  /// Nothing while the next one is not here whole. An error, reason not_mqtt, is final.
  base::Result<std::optional<Packet>> Next();
  /// A packet has begun and not ended.
  bool IsWithin() const { return packet_.has_value() || at_ < buffer_.size(); }

 private:
  base::Status ReadHeader();

  const std::uint64_t kept_bytes_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::optional<Packet> packet_;
  std::uint64_t left_ = 0;  ///< of the packet's bytes
};

/// What the broker says to the attempt to connect.
struct ConnAck {
  bool session_present = false;
  std::uint8_t code = 0;  ///< 0: accepted; otherwise a code of the version
  std::optional<std::uint16_t> keep_alive_seconds;  ///< that the broker wants instead
};
base::Result<ConnAck> ParseConnAck(const Packet& packet, center::MqttVersion version);

/// A message, its topic and payload as they came.
struct Message {
  std::string topic;
  std::string payload;
  std::uint64_t payload_bytes = 0;  ///< that it has in truth
  bool whole = true;                ///< the packet was kept whole
  std::uint16_t id = 0;             ///< 0: the broker wants no acknowledgement
  bool retained = false;            ///< was kept by the broker for who comes later
  bool redelivered = false;         ///< may have been sent before
};
base::Result<Message> ParsePublish(const Packet& packet, center::MqttVersion version);

/// A code for each filter that was asked for.
base::Result<std::vector<std::uint8_t>> ParseSubAck(const Packet& packet,
                                                    center::MqttVersion version, std::uint16_t id);
/// Why the broker ends the connection; 0 when it does not say.
std::uint8_t ReasonOfDisconnect(const Packet& packet);

/// Goes on with the session that the broker has kept, or begins one that it will keep; with a
/// session_expiry of nothing, begins one that ends with the connection.
std::string EncodeConnect(const center::Mqtt& mqtt, std::string_view password);
/// Asks for quality of service 1.
std::string EncodeSubscribe(const std::vector<std::string>& filters, center::MqttVersion version,
                            std::uint16_t id);
std::string EncodePubAck(std::uint16_t id);
std::string EncodePingRequest();
std::string EncodeDisconnect();

}  // namespace fansipan::sources::mqtt
