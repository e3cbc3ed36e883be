#include "sources/connectors/mqtt/mqtt.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "center/connectors/mqtt.h"
#include "sources/connectors/connector_trial.h"

namespace fansipan::sources {
namespace {

using std::string_literals::operator""s;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

/// What happens, in the order in which it happens: what the connector writes, and what it hands
/// over.
using Trace = std::vector<std::string>;

std::string NameOfPacket(const std::string& bytes) {
  switch (static_cast<unsigned char>(bytes[0]) >> 4U) {
    case 1:
      return "connect";
    case 4:
      return "acknowledge " + std::to_string(bytes.size() / 4);
    case 8:
      return "subscribe";
    case 12:
      return "ping";
    default:
      return "leave";
  }
}

/// A broker that answers what is written to it, sends a list of packets, and is then gone.
struct Script {
  std::string conn_ack = "\x20\x02\x00\x00"s;
  std::string sub_ack = "\x90\x03\x00\x01\x01"s;
  std::deque<std::string> packets;
  std::string connected;  ///< what the connector wrote to be let in
};

class ScriptedLine final : public mqtt::BrokerLine {
 public:
  ScriptedLine(Script& script, Trace& trace) : script_(script), trace_(trace) {}

  base::Result<std::string> Read(mqtt::Instant, const std::stop_token&) override {
    if (incoming_.empty()) {
      return base::Error{base::ErrorCode::kUnavailable, "connection_lost", "the script ended"};
    }
    std::string bytes = std::move(incoming_.front());
    incoming_.pop_front();
    return bytes;
  }
  base::Status Write(std::string_view bytes) override {
    if (bytes.empty()) return {};
    const std::string name = NameOfPacket(std::string(bytes));
    trace_.push_back(name);
    if (name == "connect") {
      script_.connected = bytes;
      incoming_.push_back(script_.conn_ack);
    }
    if (name == "ping") incoming_.push_back("\xD0\x00"s);
    if (name != "subscribe") return {};
    incoming_.push_back(script_.sub_ack);
    for (const std::string& packet : script_.packets) incoming_.push_back(packet);
    return {};
  }

 private:
  Script& script_;
  Trace& trace_;
  std::deque<std::string> incoming_;
};

class TracedPassage final : public Passage {
 public:
  explicit TracedPassage(Trace& trace) : trace_(trace) {}

  const std::string& source() const override { return source_; }
  std::string Position() const override { return position; }
  base::Status Deliver(std::string payload, std::string new_position) override {
    trace_.push_back("deliver");
    if (!takes) return ConnectorStopped();
    payloads.push_back(std::move(payload));
    position = std::move(new_position);
    return {};
  }
  base::Status Heartbeat(std::string) override {
    trace_.push_back("life");
    return {};
  }
  base::Result<std::string> Secret(const std::string& name) override {
    return base::Error{base::ErrorCode::kUnavailable, "secret_missing", name};
  }
  void NoteContact() override { ++contacts; }
  void HoldOff(base::Duration) override {}
  base::Status Wait(base::Duration) override { return {}; }
  base::Timestamp Now() const override { return kNow; }
  const std::stop_token& stop() const override { return stop_; }

  std::string position;
  bool takes = true;
  std::vector<std::string> payloads;
  int contacts = 0;

 private:
  Trace& trace_;
  std::string source_ = "sensors";
  std::stop_token stop_;
};

/// A message of quality of service 1, 3.1.1, of at most 127 bytes.
std::string Publish(const std::string& topic, char id, const std::string& payload) {
  std::string body = "\x00"s + static_cast<char>(topic.size()) + topic + "\x00"s + id + payload;
  return "\x32"s + static_cast<char>(body.size()) + body;
}

class MqttTest : public ::testing::Test {
 protected:
  MqttTest() {
    mqtt_.host = "broker.example.vn";
    mqtt_.version = center::MqttVersion::k311;
    mqtt_.client_id = "ioc";
    mqtt_.topics = {"province/#"};
    mqtt_.batch_messages = 2;
    source_.name = "sensors";
  }
  /// One asking as after a restart.
  std::string ReasonOfAsking() {
    source_.mqtt = std::make_shared<const center::Mqtt>(mqtt_);
    connector_ = MakeMqtt(source_, metrics_, [this](const std::stop_token&) {
      return base::Result<std::unique_ptr<mqtt::BrokerLine>>(
          std::make_unique<ScriptedLine>(script_, trace_));
    });
    const base::Status status = connector_->Ask(passage_);
    return status.ok() ? "" : status.error().reason;
  }

  base::MetricsRegistry metrics_;
  center::Source source_;
  center::Mqtt mqtt_;
  Script script_;
  Trace trace_;
  TracedPassage passage_{trace_};
  std::unique_ptr<Connector> connector_;
};

TEST_F(MqttTest, AcknowledgesADeliveryOnlyWhenItIsRecorded) {
  script_.packets = {Publish("province/a", 1, "1"), Publish("province/b", 2, "2"),
                     Publish("province/c", 3, "3"), Publish("province/d", 4, "4")};
  EXPECT_EQ(ReasonOfAsking(), "connection_lost");
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "deliver", "acknowledge 2", "deliver",
                           "acknowledge 2", "leave"}));
  ASSERT_EQ(passage_.payloads.size(), 2U);
  EXPECT_NE(passage_.payloads[1].find("\"topic\":\"province/d\""), std::string::npos);
  EXPECT_EQ(passage_.position, "4");
}

TEST_F(MqttTest, AcknowledgesNothingThatWasNotRecorded) {
  script_.packets = {Publish("province/a", 1, "1"), Publish("province/b", 2, "2")};
  passage_.takes = false;
  EXPECT_EQ(ReasonOfAsking(), "connector_stopped");
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "deliver", "leave"}));
  EXPECT_EQ(passage_.position, "");
}

TEST_F(MqttTest, ATrialComesUnderANameOfItsOwnAndAcknowledgesNothing) {
  script_.packets = {Publish("province/a", 1, "1"), Publish("province/b", 2, "2")};
  source_.mqtt = std::make_shared<const center::Mqtt>(mqtt_);
  connector_ = MakeMqtt(source_, metrics_, [this](const std::stop_token&) {
    return base::Result<std::unique_ptr<mqtt::BrokerLine>>(
        std::make_unique<ScriptedLine>(script_, trace_));
  });
  const base::VirtualClock clock{kNow};
  ConnectorTrialParts parts;
  parts.clock = &clock;
  const auto fetched = FetchOnce("sensors", *connector_, parts, {});
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_NE(fetched->payload.find("\"topic\":\"province/b\""), std::string::npos);
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "leave"}));
  EXPECT_TRUE(script_.connected.ends_with("ioc-trial"));
  constexpr std::size_t kFlags = 9;
  EXPECT_EQ(script_.connected[kFlags], '\x02') << "the broker is to keep nothing for it";
}

TEST_F(MqttTest, ABatchThatWasNotFullWhenTheLineBrokeComesAgain) {
  script_.packets = {Publish("province/a", 1, "1")};
  EXPECT_EQ(ReasonOfAsking(), "connection_lost");
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "leave"}));
  script_.packets = {Publish("province/a", 1, "1"), Publish("province/b", 2, "2")};
  ReasonOfAsking();
  EXPECT_EQ(passage_.payloads.size(), 1U);
}

TEST_F(MqttTest, MessagesBeforeTheAnswerToTheSubscriptionAreTakenInOrder) {
  script_.sub_ack =
      Publish("province/a", 1, "1") + Publish("province/b", 2, "2") + "\x90\x03\x00\x01\x01"s;
  EXPECT_EQ(ReasonOfAsking(), "connection_lost");
  ASSERT_EQ(passage_.payloads.size(), 1U);
  EXPECT_LT(passage_.payloads[0].find("province/a"), passage_.payloads[0].find("province/b"));
}

TEST_F(MqttTest, RefusedMessagesAreRecordedAndAcknowledged) {
  script_.packets = {Publish("elsewhere", 1, "1"), Publish("province/b", 2, "{")};
  ReasonOfAsking();
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "deliver", "acknowledge 2", "leave"}));
  ASSERT_EQ(passage_.payloads.size(), 1U);
  EXPECT_NE(passage_.payloads[0].find("undeclared_topic"), std::string::npos);
  EXPECT_NE(metrics_.Render().find("fansipan_connector_messages_refused_total{connector=\"mqtt\","
                                   "source=\"sensors\"} 2"),
            std::string::npos);
}

TEST_F(MqttTest, AnUnbrokenStreamOfManyMessagesIsGatheredUpToTheDeclaredNumber) {
  mqtt_.batch_messages = 50;
  for (char id = 1; id <= 100; ++id) script_.packets.push_back(Publish("province/a", id, "1"));
  ReasonOfAsking();
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "deliver", "acknowledge 50", "deliver",
                           "acknowledge 50", "leave"}));
}

TEST_F(MqttTest, AnAnsweredPingIsASignOfLife) {
  script_.packets = {"\xD0\x00"s};
  EXPECT_EQ(ReasonOfAsking(), "connection_lost");
  EXPECT_EQ(trace_, (Trace{"connect", "subscribe", "life", "leave"}));
  EXPECT_GE(passage_.contacts, 2);
}

TEST_F(MqttTest, TellsWhenTheBrokerKeptNothing) {
  const auto lost = [this] {
    return metrics_.Render().find(
               "fansipan_connector_sessions_lost_total{connector=\"mqtt\","
               "source=\"sensors\"} 1") != std::string::npos;
  };
  ReasonOfAsking();
  EXPECT_FALSE(lost()) << "nobody was here before";
  passage_.position = "17";
  script_.conn_ack = "\x20\x02\x01\x00"s;
  ReasonOfAsking();
  EXPECT_FALSE(lost());
  script_.conn_ack = "\x20\x02\x00\x00"s;
  ReasonOfAsking();
  EXPECT_TRUE(lost());
}

TEST_F(MqttTest, SaysWhyTheBrokerTakesNobody) {
  const std::vector<std::pair<std::string, std::string>> answers = {
      {"\x20\x02\x00\x01"s, "version_refused"}, {"\x20\x02\x00\x02"s, "client_refused"},
      {"\x20\x02\x00\x03"s, "broker_refused"},  {"\x20\x02\x00\x04"s, "sign_in_refused"},
      {"\x20\x02\x00\x05"s, "sign_in_refused"}, {"HTTP/1.1 400 Bad"s, "not_mqtt"}};
  for (const auto& [answer, reason] : answers) {
    script_.conn_ack = answer;
    EXPECT_EQ(ReasonOfAsking(), reason);
  }
  script_.conn_ack = "\x20\x02\x00\x00"s;
  script_.sub_ack = "\x90\x03\x00\x01\x80"s;
  EXPECT_EQ(ReasonOfAsking(), "subscription_refused");
  script_.sub_ack = "\x90\x03\x00\x01\x00"s;
  EXPECT_EQ(ReasonOfAsking(), "subscription_refused") << "QoS 0 is no promise";
}

TEST_F(MqttTest, NothingIsSentWithoutItsSecret) {
  mqtt_.user = "ioc";
  mqtt_.secret = "broker_password";
  EXPECT_EQ(ReasonOfAsking(), "secret_missing");
  EXPECT_TRUE(trace_.empty());
}

}  // namespace
}  // namespace fansipan::sources
