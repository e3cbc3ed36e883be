#include "sources/connectors/mqtt/packets.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::sources::mqtt {
namespace {

using center::MqttVersion;
using std::string_literals::operator""s;

constexpr std::uint64_t kKept = 64;

Packet OnlyPacketOf(const std::string& bytes) {
  PacketReader reader(kKept);
  reader.Feed(bytes);
  auto packet = reader.Next();
  EXPECT_TRUE(packet.ok() && *packet);
  EXPECT_FALSE(reader.IsWithin());
  return packet.ok() && *packet ? **std::move(packet) : Packet();
}

TEST(MqttPackets, AreCutFromTheStreamWhereverItIsBroken) {
  const std::string stream = "\xD0\x00\x32\x07\x00\x01t\x00\x05{}\xD0\x00"s;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    PacketReader reader(kKept);
    std::vector<PacketType> types;
    for (const std::string& piece : {stream.substr(0, cut), stream.substr(cut)}) {
      reader.Feed(piece);
      for (;;) {
        auto packet = reader.Next();
        ASSERT_TRUE(packet.ok());
        if (!*packet) break;
        types.push_back((*packet)->type);
      }
    }
    EXPECT_EQ(types, (std::vector{PacketType::kPingResponse, PacketType::kPublish,
                                  PacketType::kPingResponse}))
        << cut;
  }
}

TEST(MqttPackets, ALargePacketIsPassedOverAndHeldInPart) {
  // 1,000,000 bytes: C0 84 3D in the protocol's lengths.
  const std::string head = "\x30\xC0\x84\x3D\x00\x01t"s;
  PacketReader reader(kKept);
  reader.Feed(head);
  const std::string piece(1'000, 'x');
  std::optional<Packet> packet;
  for (std::size_t sent = 3; sent < 1'000'000; sent += piece.size()) {
    EXPECT_FALSE(packet);
    reader.Feed(piece.substr(0, 1'000'000 - sent));
    auto next = reader.Next();
    ASSERT_TRUE(next.ok());
    packet = *std::move(next);
  }
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->body.size(), kKept);
  EXPECT_EQ(packet->length, 1'000'000U);
  const auto message = ParsePublish(*packet, MqttVersion::k311);
  ASSERT_TRUE(message.ok());
  EXPECT_FALSE(message->whole);
  EXPECT_EQ(message->payload_bytes, 999'997U);
}

TEST(MqttPackets, WhatIsNoMqttEndsTheStream) {
  for (const std::string& bytes : {"HTTP/1.1 400 Bad Request\r\n"s, "\x30\xFF\xFF\xFF\xFF\x01"s,
                                   "\x00\x00"s, "\x40\x02\x00\x01"s}) {
    PacketReader reader(kKept);
    reader.Feed(bytes);
    const auto packet = reader.Next();
    ASSERT_FALSE(packet.ok()) << bytes;
    EXPECT_EQ(packet.error().reason, "not_mqtt");
  }
}

TEST(MqttPackets, AMessageIsReadInBothVersions) {
  const auto old =
      ParsePublish(OnlyPacketOf("\x3B\x08\x00\x03"s + "a/b" + "\x12\x34" + "7"), MqttVersion::k311);
  ASSERT_TRUE(old.ok());
  EXPECT_EQ(old->topic, "a/b");
  EXPECT_EQ(old->payload, "7");
  EXPECT_EQ(old->id, 0x1234);
  EXPECT_TRUE(old->retained);
  EXPECT_TRUE(old->redelivered);
  // With a property: the payload is text.
  const auto fresh = ParsePublish(
      OnlyPacketOf("\x32\x0B\x00\x03"s + "a/b" + "\x00\x01\x02\x01\x01"s + "7"), MqttVersion::k5);
  ASSERT_TRUE(fresh.ok());
  EXPECT_EQ(fresh->payload, "7");
  EXPECT_FALSE(fresh->retained);
}

TEST(MqttPackets, PropertiesWithoutEndMakeAMessageTooLargeAndEndNothing) {
  // 200 bytes, of which 64 are kept; 190 of them are properties.
  const std::string bytes = "\x32\xC8\x01\x00\x01t\x00\x01\xBE\x01"s;
  const auto message =
      ParsePublish(OnlyPacketOf(bytes + std::string(200 - 7, 'p')), MqttVersion::k5);
  ASSERT_TRUE(message.ok()) << message.error().message;
  EXPECT_FALSE(message->whole);
  EXPECT_EQ(message->id, 1);
}

TEST(MqttPackets, AMessageThatEndsEarlyIsRefused) {
  const std::string whole = "\x00\x03"s + "a/b" + "\x00\x01\x02\x01\x01"s;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Packet packet{PacketType::kPublish, 2, whole.substr(0, length), length};
    EXPECT_FALSE(ParsePublish(packet, MqttVersion::k5).ok()) << length;
  }
  const Packet without_number{PacketType::kPublish, 2, "\x00\x01t\x00\x00"s, 5};
  EXPECT_FALSE(ParsePublish(without_number, MqttVersion::k311).ok());
  const Packet exactly_once{PacketType::kPublish, 4, "\x00\x01t\x00\x01"s, 5};
  EXPECT_FALSE(ParsePublish(exactly_once, MqttVersion::k311).ok());
}

TEST(MqttPackets, TheAnswerToConnectingIsRead) {
  const auto kept = ParseConnAck(OnlyPacketOf("\x20\x02\x01\x00"s), MqttVersion::k311);
  ASSERT_TRUE(kept.ok());
  EXPECT_TRUE(kept->session_present);
  const auto five =
      ParseConnAck(OnlyPacketOf("\x20\x09\x00\x00\x06\x21\x00\x14\x13\x00\x1E"s), MqttVersion::k5);
  ASSERT_TRUE(five.ok());
  EXPECT_EQ(five->keep_alive_seconds, 30);
  const auto refused = ParseConnAck(OnlyPacketOf("\x20\x02\x00\x01"s), MqttVersion::k5);
  ASSERT_TRUE(refused.ok()) << "a broker of 3.1.1 refuses with two bytes";
  EXPECT_EQ(refused->code, 1);
  EXPECT_FALSE(ParseConnAck(OnlyPacketOf("\x20\x02\x00\x00"s), MqttVersion::k5).ok());
  EXPECT_FALSE(ParseConnAck(OnlyPacketOf("\x20\x05\x00\x00\x02\x7F\x00"s), MqttVersion::k5).ok());
}

TEST(MqttPackets, ConnectingKeepsTheSession) {
  center::Mqtt mqtt;
  mqtt.client_id = "ioc";
  mqtt.batch_messages = 20;
  mqtt.user = "u";
  mqtt.version = MqttVersion::k311;
  EXPECT_EQ(EncodeConnect(mqtt, "pw"),
            "\x10\x16\x00\x04MQTT\x04\xC0\x00\x3C\x00\x03"s + "ioc" + "\x00\x01u\x00\x02pw"s);
  mqtt.version = MqttVersion::k5;
  mqtt.user.clear();
  // Seven days until the session ends, and twenty messages ahead at most.
  EXPECT_EQ(EncodeConnect(mqtt, ""),
            "\x10\x18\x00\x04MQTT\x05\x00\x00\x3C\x08\x11\x00\x09\x3A\x80"s +
                "\x21\x00\x14\x00\x03"s + "ioc");
}

TEST(MqttPackets, WithNoExpiryTheSessionEndsWithTheConnection) {
  center::Mqtt mqtt;
  mqtt.client_id = "ioc";
  mqtt.batch_messages = 20;
  mqtt.session_expiry = {};
  mqtt.version = MqttVersion::k311;
  EXPECT_EQ(EncodeConnect(mqtt, ""), "\x10\x0F\x00\x04MQTT\x04\x02\x00\x3C\x00\x03"s + "ioc");
  mqtt.version = MqttVersion::k5;
  EXPECT_EQ(EncodeConnect(mqtt, ""),
            "\x10\x18\x00\x04MQTT\x05\x02\x00\x3C\x08\x11\x00\x00\x00\x00"s +
                "\x21\x00\x14\x00\x03"s + "ioc");
}

TEST(MqttPackets, ASubscriptionAsksForAcknowledgedMessages) {
  EXPECT_EQ(EncodeSubscribe({"a/#"}, MqttVersion::k311, 1),
            "\x82\x08\x00\x01\x00\x03"s + "a/#\x01");
  EXPECT_EQ(EncodeSubscribe({"a/#"}, MqttVersion::k5, 1),
            "\x82\x09\x00\x01\x00\x00\x03"s + "a/#\x11");
}

}  // namespace
}  // namespace fansipan::sources::mqtt
