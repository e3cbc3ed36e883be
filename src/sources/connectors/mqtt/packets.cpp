#include "sources/connectors/mqtt/packets.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fansipan::sources::mqtt {
namespace {

using center::MqttVersion;

constexpr std::uint8_t kLevel311 = 4;
constexpr std::uint8_t kLevel5 = 5;
constexpr std::uint8_t kUserFlag = 0x80;
constexpr std::uint8_t kPasswordFlag = 0x40;
constexpr std::uint8_t kCleanFlag = 0x02;
constexpr std::uint8_t kSessionExpiry = 0x11;
constexpr std::uint8_t kServerKeepAlive = 0x13;
constexpr std::uint8_t kReceiveMaximum = 0x21;
constexpr std::uint8_t kRetainedToNewSubscriptionsOnly = 0x10;
constexpr int kMaxLengthBytes = 4;

base::Error NotMqtt(std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "not_mqtt",
          "what the broker sends is no MQTT: " + std::string(what)};
}

std::uint8_t Byte(char c) { return static_cast<std::uint8_t>(c); }

/// Reads the parts of a packet's body, front to back; what is not there reads as zero, and `ok`
/// says so.
class BodyReader {
 public:
  explicit BodyReader(std::string_view rest) : rest_(rest) {}

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }
  std::string_view Take(std::size_t length) {
    ok_ = ok_ && length <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::uint32_t Number(std::size_t bytes) {
    std::uint32_t number = 0;
    for (const char c : Take(bytes)) number = number << 8U | Byte(c);
    return number;
  }
  std::string_view Text() { return Take(Number(2)); }
  std::uint32_t VariableNumber() {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < kMaxLengthBytes; ++i) {
      const std::uint32_t byte = Number(1);
      number |= (byte & 0x7FU) << 7U * i;
      if ((byte & 0x80U) == 0) return number;
    }
    ok_ = false;
    return 0;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// Passes over the value of a property (MQTT 5, table 2-4); false for one that does not exist.
bool SkipProperty(std::uint32_t identifier, BodyReader& reader) {
  switch (identifier) {
    case 0x01:
    case 0x17:
    case 0x19:
    case 0x24:
    case 0x25:
    case 0x28:
    case 0x29:
    case 0x2A:
      reader.Take(1);
      return true;
    case 0x13:
    case 0x21:
    case 0x22:
    case 0x23:
      reader.Take(2);
      return true;
    case 0x02:
    case 0x11:
    case 0x18:
    case 0x27:
      reader.Take(4);
      return true;
    case 0x0B:
      reader.VariableNumber();
      return true;
    case 0x03:
    case 0x08:
    case 0x09:
    case 0x12:
    case 0x15:
    case 0x16:
    case 0x1A:
    case 0x1C:
    case 0x1F:
      reader.Text();
      return true;
    case 0x26:
      reader.Text();
      reader.Text();
      return true;
    default:
      return false;
  }
}

std::string Number16(std::size_t number) {
  return {static_cast<char>(number >> 8U & 0xFFU), static_cast<char>(number & 0xFFU)};
}
std::string Number32(std::uint32_t number) {
  return Number16(number >> 16U) + Number16(number & 0xFFFFU);
}
std::string Text(std::string_view text) { return Number16(text.size()) + std::string(text); }
std::string VariableNumber(std::size_t number) {
  std::string bytes;
  do {
    const std::size_t low = number & 0x7FU;
    number >>= 7U;
    bytes += static_cast<char>(low | (number > 0 ? 0x80U : 0U));
  } while (number > 0);
  return bytes;
}
std::string Whole(PacketType type, std::uint8_t flags, const std::string& body) {
  const auto first = static_cast<char>(static_cast<unsigned>(type) << 4U | flags);
  return first + VariableNumber(body.size()) + body;
}

bool IsKnown(unsigned type) {
  switch (static_cast<PacketType>(type)) {
    case PacketType::kConnAck:
    case PacketType::kPublish:
    case PacketType::kSubAck:
    case PacketType::kPingResponse:
    case PacketType::kDisconnect:
      return true;
    default:
      return false;
  }
}

/// Those that a connection begins with: keep the session, do not flood.
std::string ConnectProperties(const center::Mqtt& mqtt) {
  const auto expiry = std::chrono::duration_cast<std::chrono::seconds>(mqtt.session_expiry).count();
  const std::string properties = static_cast<char>(kSessionExpiry) +
                                 Number32(static_cast<std::uint32_t>(expiry)) +
                                 static_cast<char>(kReceiveMaximum) + Number16(mqtt.batch_messages);
  return VariableNumber(properties.size()) + properties;
}

}  // namespace

void PacketReader::Feed(std::string_view bytes) {
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_.append(bytes);
}

/// Nothing happens while it is not here whole.
base::Status PacketReader::ReadHeader() {
  std::uint64_t length = 0;
  for (unsigned i = 0; i < kMaxLengthBytes; ++i) {
    const std::size_t place = at_ + 1 + i;
    if (place >= buffer_.size()) return {};
    const std::uint8_t byte = Byte(buffer_[place]);
    length |= static_cast<std::uint64_t>(byte & 0x7FU) << 7U * i;
    if ((byte & 0x80U) != 0) continue;
    const std::uint8_t first = Byte(buffer_[at_]);
    if (!IsKnown(first >> 4U)) return NotMqtt("a packet that no broker sends to a listener");
    packet_ = Packet{static_cast<PacketType>(first >> 4U), static_cast<std::uint8_t>(first & 0x0FU),
                     "", length};
    left_ = length;
    at_ = place + 1;
    return {};
  }
  return NotMqtt("a packet's length has more than four bytes");
}

base::Result<std::optional<Packet>> PacketReader::Next() {
  if (!packet_) FANSIPAN_RETURN_IF_ERROR(ReadHeader());
  if (!packet_) return std::optional<Packet>();
  const std::size_t here =
      static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer_.size() - at_));
  const std::size_t room = static_cast<std::size_t>(kept_bytes_ - packet_->body.size());
  packet_->body.append(buffer_, at_, std::min(here, room));
  at_ += here;
  left_ -= here;
  if (left_ > 0) return std::optional<Packet>();
  return std::exchange(packet_, std::nullopt);
}

base::Result<ConnAck> ParseConnAck(const Packet& packet, MqttVersion version) {
  BodyReader reader(packet.body);
  ConnAck answer;
  const std::uint32_t flags = reader.Number(1);
  answer.code = static_cast<std::uint8_t>(reader.Number(1));
  if (packet.type != PacketType::kConnAck || !reader.ok() || flags > 1) {
    return NotMqtt("the answer to the attempt to connect");
  }
  answer.session_present = flags == 1;
  if (version == MqttVersion::k311) return answer;
  BodyReader properties(reader.Take(reader.VariableNumber()));
  while (reader.ok() && properties.ok() && !properties.rest().empty()) {
    const std::uint32_t identifier = properties.VariableNumber();
    if (identifier == kServerKeepAlive) {
      answer.keep_alive_seconds = static_cast<std::uint16_t>(properties.Number(2));
    } else if (!SkipProperty(identifier, properties)) {
      return NotMqtt("a property of the answer to the attempt to connect");
    }
  }
  // A broker of 3.1.1 refuses version 5 with the two bytes that it knows.
  if (answer.code == 0 && (!reader.ok() || !properties.ok())) {
    return NotMqtt("the answer to the attempt to connect ends early");
  }
  return answer;
}

base::Result<Message> ParsePublish(const Packet& packet, MqttVersion version) {
  BodyReader reader(packet.body);
  Message message;
  message.retained = (packet.flags & 1U) != 0;
  message.redelivered = (packet.flags & 8U) != 0;
  const unsigned quality = packet.flags >> 1U & 3U;
  if (quality > 1) return NotMqtt("a message of a quality of service that was not asked for");
  message.topic = reader.Text();
  if (quality == 1) {
    message.id = static_cast<std::uint16_t>(reader.Number(2));
    if (reader.ok() && message.id == 0) return NotMqtt("a message without its number");
  }
  const std::uint64_t passed_over = packet.length - packet.body.size();
  message.whole = passed_over == 0;
  const std::uint32_t properties = version == MqttVersion::k5 ? reader.VariableNumber() : 0;
  const bool cut = properties > reader.rest().size() && !message.whole;
  if (!cut) reader.Take(properties);
  if (!reader.ok()) return NotMqtt("the head of a message ends early");
  if (!cut) message.payload = reader.rest();
  message.payload_bytes = message.payload.size() + passed_over;
  return message;
}

base::Result<std::vector<std::uint8_t>> ParseSubAck(const Packet& packet, MqttVersion version,
                                                    std::uint16_t id) {
  BodyReader reader(packet.body);
  const bool answers = reader.Number(2) == id;
  if (version == MqttVersion::k5) reader.Take(reader.VariableNumber());
  if (packet.type != PacketType::kSubAck || !reader.ok() || !answers) {
    return NotMqtt("the answer to the subscription");
  }
  std::vector<std::uint8_t> codes;
  for (const char c : reader.rest()) codes.push_back(Byte(c));
  return codes;
}

std::uint8_t ReasonOfDisconnect(const Packet& packet) {
  return packet.body.empty() ? 0 : Byte(packet.body[0]);
}

std::string EncodeConnect(const center::Mqtt& mqtt, std::string_view password) {
  const bool five = mqtt.version == MqttVersion::k5;
  unsigned flags = mqtt.user.empty() ? 0U : kUserFlag | kPasswordFlag;
  if (mqtt.session_expiry == base::Duration()) flags |= kCleanFlag;
  std::string body = Text("MQTT");
  body += static_cast<char>(five ? kLevel5 : kLevel311);
  body += static_cast<char>(flags);
  body += Number16(mqtt.keep_alive_seconds);
  if (five) body += ConnectProperties(mqtt);
  body += Text(mqtt.client_id);
  if (!mqtt.user.empty()) body += Text(mqtt.user) + Text(password);
  return Whole(PacketType::kConnect, 0, body);
}

std::string EncodeSubscribe(const std::vector<std::string>& filters, MqttVersion version,
                            std::uint16_t id) {
  const bool five = version == MqttVersion::k5;
  std::string body = Number16(id);
  if (five) body += '\0';
  for (const std::string& filter : filters) {
    body += Text(filter);
    body += static_cast<char>(1U | (five ? kRetainedToNewSubscriptionsOnly : 0U));
  }
  return Whole(PacketType::kSubscribe, 2, body);
}

std::string EncodePubAck(std::uint16_t id) { return Whole(PacketType::kPubAck, 0, Number16(id)); }
std::string EncodePingRequest() { return Whole(PacketType::kPingRequest, 0, ""); }
std::string EncodeDisconnect() { return Whole(PacketType::kDisconnect, 0, ""); }

}  // namespace fansipan::sources::mqtt
