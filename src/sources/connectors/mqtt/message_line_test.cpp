#include "sources/connectors/mqtt/message_line.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "center/connectors/mqtt.h"

namespace fansipan::sources::mqtt {
namespace {

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} +
                               std::chrono::microseconds(1'500'000)};

class MessageLineTest : public ::testing::Test {
 protected:
  MessageLine Line(const std::string& topic, const std::string& payload) {
    mqtt_.topics = {"province/+/rain"};
    source_.mqtt = std::make_shared<const center::Mqtt>(mqtt_);
    Message message;
    message.topic = topic;
    message.payload = payload;
    message.payload_bytes = payload.size();
    return LineOf(message, kNow, source_);
  }
  std::string RefusalOf(const std::string& topic, const std::string& payload) {
    const MessageLine line = Line(topic, payload);
    EXPECT_EQ(line.text.find('\n'), line.text.size() - 1) << "one line, whatever it holds";
    const auto value = nlohmann::json::parse(line.text, nullptr, false);
    EXPECT_TRUE(line.refusal.empty() ? value.is_object() : value.is_string()) << line.text;
    return std::string(line.refusal);
  }

  center::Mqtt mqtt_;
  center::Source source_;
};

TEST_F(MessageLineTest, HoldsTheMessageAsItWasWritten) {
  EXPECT_EQ(Line("province/s1/rain", "{\"mm\": 1.50,\r\n \"at\": \"08:00\"}").text,
            "{\"topic\":\"province/s1/rain\",\"received_at\":\"2026-07-01T00:00:01.500000Z\","
            "\"retained\":false,\"redelivered\":false,"
            "\"payload\":{\"mm\": 1.50,   \"at\": \"08:00\"}}\n");
}

TEST_F(MessageLineTest, HoldsTextAsAJsonString) {
  mqtt_.payload = center::MqttPayload::kText;
  const auto line = nlohmann::json::parse(Line("province/s1/rain", "1.5;\"mm\"\n").text);
  EXPECT_EQ(line["payload"], "1.5;\"mm\"\n");
  EXPECT_EQ(RefusalOf("province/s1/rain", "\xFF"), "not_utf8");
}

TEST_F(MessageLineTest, AMessageCannotPassItselfOffAsAnother) {
  const std::string forged = "1}\n{\"topic\":\"province/s2/rain\",\"payload\":2";
  EXPECT_EQ(RefusalOf("province/s1/rain", forged), "not_json");
  EXPECT_EQ(RefusalOf("province/s1/rain", "1,\"topic\":\"province/s2/rain\""), "not_json");
}

TEST_F(MessageLineTest, KeepsWhatCannotBeTakenAndSaysWhy) {
  EXPECT_EQ(RefusalOf("province/s1/rain", "{}"), "");
  EXPECT_EQ(RefusalOf("province/s1/rain", ""), "not_json");
  EXPECT_EQ(RefusalOf("province/s1/rain", "{\"a\":1"), "not_json");
  EXPECT_EQ(RefusalOf("province/s1/rain", "{\"a\":\"\xC3\x28\"}"), "not_utf8");
  EXPECT_EQ(RefusalOf("province/s1/wind", "{}"), "undeclared_topic");
  EXPECT_EQ(RefusalOf("province/+/rain", "{}"), "bad_topic");
  EXPECT_EQ(RefusalOf("province/\xFF/rain", "{}"), "bad_topic");
  EXPECT_EQ(RefusalOf("", "{}"), "bad_topic");
  EXPECT_EQ(RefusalOf("province/s1/rain", std::string(40, '[') + std::string(40, ']')), "not_json")
      << "deeper than the source's limit";
  EXPECT_NE(Line("province/s1/rain", "oops").text.find("text oops"), std::string::npos);
  EXPECT_NE(Line("province/s1/rain", "\xFF\x01").text.find("bytes ff01"), std::string::npos);
}

TEST_F(MessageLineTest, ATooLargeMessageIsKeptInPart) {
  mqtt_.message_bytes = 10'000;
  EXPECT_EQ(RefusalOf("province/s1/rain", "\"" + std::string(9'998, 'x') + "\""), "");
  const MessageLine line = Line("province/s1/rain", "\"" + std::string(9'999, 'x') + "\"");
  EXPECT_EQ(line.refusal, "message_too_large");
  EXPECT_LT(line.text.size(), 5'000U);
  EXPECT_NE(line.text.find("10001 bytes"), std::string::npos);
}

}  // namespace
}  // namespace fansipan::sources::mqtt
