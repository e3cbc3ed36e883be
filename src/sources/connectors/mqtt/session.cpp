#include "sources/connectors/mqtt/session.h"

#include <algorithm>
#include <utility>

#include "sources/connectors/connector.h"

namespace fansipan::sources::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{15};
constexpr seconds kPacketPatience{60};             // from a packet's first byte to its last
constexpr std::uint64_t kHeadBytes = 128U << 10U;  // topic and properties beside the payload
constexpr std::uint16_t kSubscription = 1;
constexpr std::uint8_t kRefusedFrom = 0x80;
constexpr std::size_t kMaxEarlyBytes = 16U << 20U;
constexpr std::size_t kMaxPassword = 4'096;

Instant Now() { return std::chrono::steady_clock::now(); }

bool IsSignInRefused(std::uint8_t code, center::MqttVersion version) {
  if (version == center::MqttVersion::k311) return code == 4 || code == 5;
  return code == 0x86 || code == 0x87 || code == 0x8A || code == 0x8C;
}

bool IsClientRefused(std::uint8_t code, center::MqttVersion version) {
  return version == center::MqttVersion::k311 ? code == 2 : code == 0x85;
}

/// A broker that does not know version 5 answers as 3.1.1 has it.
bool IsVersionRefused(std::uint8_t code) { return code == 1 || code == 0x84; }

}  // namespace

Session::Session(const center::Mqtt& mqtt, std::unique_ptr<BrokerLine> line)
    : mqtt_(mqtt),
      line_(std::move(line)),
      reader_(mqtt.message_bytes + kHeadBytes),
      patience_(seconds(mqtt.keep_alive_seconds)) {
  const auto heartbeat = std::chrono::duration_cast<milliseconds>(mqtt.heartbeat);
  ping_every_ = std::min<milliseconds>(patience_, heartbeat) / 2;
  ping_at_ = Now() + ping_every_;
}

Session::~Session() { static_cast<void>(line_->Write(EncodeDisconnect())); }

base::Result<std::unique_ptr<Session>> Session::Open(const center::Mqtt& mqtt,
                                                     std::unique_ptr<BrokerLine> line,
                                                     std::string_view password,
                                                     const std::stop_token& stop) {
  if (password.size() > kMaxPassword) {
    return base::Error{base::ErrorCode::kInvalidArgument, "sign_in_refused",
                       "the secret '" + mqtt.secret + "' has more than 4096 bytes"};
  }
  std::unique_ptr<Session> session(new Session(mqtt, std::move(line)));
  FANSIPAN_RETURN_IF_ERROR(session->Connect(password, stop));
  FANSIPAN_RETURN_IF_ERROR(session->Subscribe(stop));
  return session;
}

base::Status Session::Connect(std::string_view password, const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(line_->Write(EncodeConnect(mqtt_, password)));
  FANSIPAN_ASSIGN_OR_RETURN(const Packet packet, Answer(stop));
  FANSIPAN_ASSIGN_OR_RETURN(const ConnAck answer, ParseConnAck(packet, mqtt_.version));
  if (answer.code != 0) return Refused(answer);
  resumed_ = answer.session_present;
  if (answer.keep_alive_seconds.value_or(0) > 0) {
    patience_ = seconds(*answer.keep_alive_seconds);
    ping_every_ = std::min(ping_every_, patience_ / 2);
    ping_at_ = std::min(ping_at_, Now() + ping_every_);
  }
  return {};
}

/// Said again each time: what is declared may have changed. Messages that the broker has kept may
/// come before its answer.
base::Status Session::Subscribe(const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(
      line_->Write(EncodeSubscribe(mqtt_.topics, mqtt_.version, kSubscription)));
  FANSIPAN_ASSIGN_OR_RETURN(Packet packet, Answer(stop));
  std::size_t bytes = 0;
  while (packet.type == PacketType::kPublish) {
    FANSIPAN_ASSIGN_OR_RETURN(Message message, ParsePublish(packet, mqtt_.version));
    bytes += sizeof(Message) + message.topic.size() + message.payload.size();
    if (bytes > kMaxEarlyBytes) {
      return base::Error{base::ErrorCode::kUnavailable, "broker_floods",
                         mqtt_.host + " sends messages without answering the subscription"};
    }
    early_.push_back(std::move(message));
    FANSIPAN_ASSIGN_OR_RETURN(packet, Answer(stop));
  }
  FANSIPAN_ASSIGN_OR_RETURN(const auto codes, ParseSubAck(packet, mqtt_.version, kSubscription));
  std::ranges::reverse(early_);  // taken from the back
  for (std::size_t i = 0; i < mqtt_.topics.size(); ++i) {
    if (i < codes.size() && codes[i] == 1) continue;
    const bool refused = i >= codes.size() || codes[i] >= kRefusedFrom;
    return base::Error{
        base::ErrorCode::kForbidden, "subscription_refused",
        mqtt_.host +
            (refused ? " does not let '" + mqtt_.client_id + "' listen to "
                     : " gives '" + mqtt_.client_id + "' no acknowledged messages (QoS 1) of ") +
            mqtt_.topics[i] + "; ask its operator for the right"};
  }
  return {};
}

base::Error Session::Refused(const ConnAck& answer) const {
  const std::string code = " (code " + std::to_string(answer.code) + ")";
  if (IsSignInRefused(answer.code, mqtt_.version)) {
    return {base::ErrorCode::kUnauthenticated, "sign_in_refused",
            mqtt_.host + " refuses the sign-in" + code + "; check sign_in and its secret"};
  }
  if (IsClientRefused(answer.code, mqtt_.version)) {
    return {base::ErrorCode::kInvalidArgument, "client_refused",
            mqtt_.host + " does not take the client_id '" + mqtt_.client_id + "'" + code};
  }
  if (IsVersionRefused(answer.code)) {
    return {base::ErrorCode::kInvalidArgument, "version_refused",
            mqtt_.host + " does not speak MQTT " + std::string(NameOf(mqtt_.version)) + code +
                "; declare the other version"};
  }
  return {base::ErrorCode::kUnavailable, "broker_refused",
          mqtt_.host + " takes no connection now" + code + "; ask its operator if it stays"};
}

base::Error Session::Ended(std::uint8_t reason) const {
  constexpr std::uint8_t kTakenOver = 0x8E;
  if (reason == kTakenOver) {
    return {base::ErrorCode::kUnavailable, "session_taken_over",
            mqtt_.host + ": another program has connected as '" + mqtt_.client_id +
                "'; give each its own client_id"};
  }
  return {base::ErrorCode::kUnavailable, "connection_lost",
          mqtt_.host + " ended the connection (reason " + std::to_string(reason) + ")"};
}

base::Result<Packet> Session::Answer(const std::stop_token& stop) {
  FANSIPAN_ASSIGN_OR_RETURN(auto packet, NextPacket(Now() + kPatience, stop));
  if (packet && packet->type == PacketType::kDisconnect) return Ended(ReasonOfDisconnect(*packet));
  if (packet) return *std::move(packet);
  return base::Error{base::ErrorCode::kUnavailable, "broker_silent",
                     mqtt_.host + " does not answer; ask its operator if it stays"};
}

base::Result<std::optional<Packet>> Session::NextPacket(Instant until,
                                                        const std::stop_token& stop) {
  for (bool looked = false;; looked = true) {
    FANSIPAN_ASSIGN_OR_RETURN(auto packet, reader_.Next());
    const Instant now = Now();
    if (packet || !reader_.IsWithin()) {
      whole_by_ = std::nullopt;
    } else if (!whole_by_) {
      whole_by_ = now + kPacketPatience;
    } else if (now >= *whole_by_) {
      return base::Error{base::ErrorCode::kDeadlineExceeded, "source_timeout",
                         mqtt_.host + " sends a message that does not end"};
    }
    if (packet || (looked && now >= until)) return packet;
    const Instant end = whole_by_ ? std::min(until, *whole_by_) : until;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string bytes, line_->Read(end, stop));
    reader_.Feed(bytes);
  }
}

base::Result<Event> Session::Receive(Instant until, const std::stop_token& stop) {
  if (!early_.empty()) {
    Event event{Event::Kind::kMessage, std::move(early_.back())};
    early_.pop_back();
    return event;
  }
  for (;;) {
    FANSIPAN_RETURN_IF_ERROR(KeepAlive(Now()));
    const Instant end = std::min({until, ping_at_, answer_by_.value_or(until)});
    FANSIPAN_ASSIGN_OR_RETURN(const auto packet, NextPacket(end, stop));
    if (packet) return EventOf(*packet);
    if (Now() >= until) return Event();
  }
}

base::Result<Event> Session::EventOf(const Packet& packet) {
  switch (packet.type) {
    case PacketType::kPublish: {
      FANSIPAN_ASSIGN_OR_RETURN(Message message, ParsePublish(packet, mqtt_.version));
      return Event{Event::Kind::kMessage, std::move(message)};
    }
    case PacketType::kPingResponse:
      answer_by_ = std::nullopt;
      return Event{Event::Kind::kAlive, {}};
    case PacketType::kDisconnect:
      return Ended(ReasonOfDisconnect(packet));
    default:
      return base::Error{base::ErrorCode::kInvalidArgument, "not_mqtt",
                         mqtt_.host + " sends what is no message"};
  }
}

base::Status Session::KeepAlive(Instant now) {
  if (answer_by_ && now >= *answer_by_) {
    return base::Error{base::ErrorCode::kUnavailable, "broker_silent",
                       mqtt_.host + " no longer answers; the connection is made again"};
  }
  if (now < ping_at_) return {};
  return Ping();
}

base::Status Session::Ping() {
  ping_at_ = Now() + ping_every_;
  if (!answer_by_) answer_by_ = Now() + patience_;
  return line_->Write(EncodePingRequest());
}

base::Status Session::Acknowledge(const std::vector<std::uint16_t>& ids) {
  std::string packets;
  for (const std::uint16_t id : ids) packets += EncodePubAck(id);
  return line_->Write(packets);
}

Session::Pulse::Pulse(Session& session)
    : session_(session), thread_([this](const std::stop_token& stop) {
        for (;;) {
          WaitUnlessStopped(session_.ping_every_, stop);
          if (stop.stop_requested() || !session_.Ping().ok()) return;
        }
      }) {}

/// Answers came meanwhile, and nobody read them.
Session::Pulse::~Pulse() {
  thread_.request_stop();
  thread_.join();
  if (session_.answer_by_) session_.answer_by_ = Now() + session_.patience_;
}

}  // namespace fansipan::sources::mqtt
