#include "center/connectors/mqtt.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "center/connectors.h"
#include "center/difference.h"
#include "center/load.h"
#include "center/testing/loading.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::ProblemsOf;

constexpr std::string_view kPush = "connector: push\n    format: json";
constexpr std::string_view kMqtt = R"(connector: mqtt
    reach:
      - {host: broker.example.vn, port: 8883}
      - {host: 10.20.1.7, port: 1883, network: private}
    mqtt:
      host: broker.example.vn
      port: 8883
      tls: true
      version: 5
      client_id: laocai-ioc
      topics: [province/+/rain, province/#]
      payload: json
      sign_in: {user: ioc, secret: broker_password}
      session_expiry: 3d
      keep_alive: 30s
      heartbeat: 2m
      batch: {messages: 500, within: 2s}
      message_limit: 16KB
    format: ndjson)";

LoadOutcome Load(const std::string& replaced = "", const std::string& by = "") {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  const std::size_t at = sources.find(kPush);
  EXPECT_NE(at, std::string::npos);
  std::string put(kMqtt);
  if (!replaced.empty()) {
    const std::size_t within = put.find(replaced);
    EXPECT_NE(within, std::string::npos) << replaced;
    put.replace(within, replaced.size(), by);
  }
  sources.replace(at, kPush.size(), put);
  constexpr std::string_view kWhere = "records_at: /items, ";  // of one text; each line is a record
  sources.erase(sources.find(kWhere), kWhere.size());
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

TEST(Mqtt, IsReadWithEveryKey) {
  const LoadOutcome outcome = Load();
  ASSERT_NE(outcome.center, nullptr) << ProblemsOf(outcome);
  const Source& source = *outcome.center->FindSource("payments");
  ASSERT_NE(source.mqtt, nullptr);
  const Mqtt& mqtt = *source.mqtt;
  EXPECT_EQ(mqtt.host, "broker.example.vn");
  EXPECT_EQ(mqtt.version, MqttVersion::k5);
  EXPECT_EQ(mqtt.client_id, "laocai-ioc");
  EXPECT_EQ(mqtt.topics, (std::vector<std::string>{"province/+/rain", "province/#"}));
  EXPECT_EQ(mqtt.session_expiry, std::chrono::days(3));
  EXPECT_EQ(mqtt.keep_alive_seconds, 30U);
  EXPECT_EQ(mqtt.heartbeat, std::chrono::minutes(2));
  EXPECT_EQ(mqtt.batch_messages, 500U);
  EXPECT_EQ(mqtt.batch_within, std::chrono::seconds(2));
  EXPECT_EQ(mqtt.message_bytes, 16U << 10U);
  EXPECT_EQ(SecretsOf(mqtt), (std::set<std::string>{"broker_password"}));
  EXPECT_EQ(source.limits.payload_bytes, 32ULL << 20U);
}

TEST(Mqtt, EveryDescribedKeyIsInTheDeclarationAbove) {
  for (const std::string_view key : FindConnector("mqtt")->Keys()) {
    EXPECT_NE(kMqtt.find("\n      " + std::string(key) + ":"), std::string_view::npos) << key;
  }
}

TEST(Mqtt, AChangeOfItIsTold) {
  const auto before = Load().center;
  const auto after = Load("province/#", "province/+/water/#").center;
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(DescribeDifference(*before, *after),
            (std::vector<std::string>{"source 'payments' changed: mqtt.topics"}));
}

TEST(Mqtt, SaysWhatCannotBeListenedTo) {
  struct Slip {
    std::string text;
    std::string by;
    std::string word;
  };
  const std::vector<Slip> slips = {
      {"      port: 8883\n", "      port: 8884\n", "'reach' does not name"},
      {"host: broker.example.vn\n", "host: other.vn\n", "'reach' does not name"},
      {"tls: true", "tls: false", "needs 'tls'"},
      {"version: 5", "version: 4", "3.1.1"},
      {"version: 5", "version: 3.1.1", "is for version 5"},
      {"client_id: laocai-ioc", "client_id: \"lao cai\"", "printable ASCII"},
      {"      client_id: laocai-ioc\n", "", "'client_id' is missing"},
      {"province/#", "province/#/rain", "no topic filter"},
      {"province/#", "province/s+", "no topic filter"},
      {"[province/+/rain, province/#]", "[]", "must name a topic"},
      {"user: ioc, ", "", "'user' is missing"},
      {"keep_alive: 30s", "keep_alive: 1s", "5s to 1h"},
      {"heartbeat: 2m", "heartbeat: 2h", "1s to 1h"},
      {"session_expiry: 3d", "session_expiry: 100d", "1m to 90d"},
      {"within: 2s", "within: 2m", "1s to 1m"},
      {"messages: 500", "messages: 0", "messages"},
      {"message_limit: 16KB", "message_limit: 2MB", "message_limit"},
      {"format: ndjson", "format: json", "format ndjson"},
      {"connector: mqtt", "connector: push", "connector mqtt only"},
      {"heartbeat:", "hearbeat:", "unknown key"},
  };
  for (const Slip& slip : slips) {
    const std::string problems = ProblemsOf(Load(slip.text, slip.by));
    EXPECT_NE(problems.find(slip.word), std::string::npos) << slip.text << " → " << slip.by << "\n"
                                                           << problems;
  }
}

TEST(Topics, AreMatchedLevelByLevel) {
  EXPECT_TRUE(TopicMatches("a/b", "a/b"));
  EXPECT_TRUE(TopicMatches("a/+/c", "a/b/c"));
  EXPECT_TRUE(TopicMatches("a/#", "a/b/c"));
  EXPECT_TRUE(TopicMatches("a/#", "a")) << "the level above belongs to it";
  EXPECT_TRUE(TopicMatches("+/+", "/a"));
  EXPECT_TRUE(TopicMatches("#", "a/b"));
  EXPECT_FALSE(TopicMatches("a/b", "a"));
  EXPECT_FALSE(TopicMatches("a/b", "a/b/c"));
  EXPECT_FALSE(TopicMatches("a/+", "a/b/c"));
  EXPECT_FALSE(TopicMatches("a/+", "a"));
  EXPECT_FALSE(TopicMatches("a/b/#", "a"));
  EXPECT_FALSE(TopicMatches("#", "$SYS/load"));
  EXPECT_FALSE(TopicMatches("+/load", "$SYS/load"));
  EXPECT_TRUE(TopicMatches("$SYS/#", "$SYS/load"));
  EXPECT_FALSE(IsTopicFilter(""));
  EXPECT_FALSE(IsTopicFilter("a/#/b"));
  EXPECT_FALSE(IsTopicFilter("a+"));
  EXPECT_TRUE(IsTopicFilter("+/a/#"));
  EXPECT_FALSE(IsTopic("a/+"));
  EXPECT_TRUE(IsTopic("a//b"));
}

}  // namespace
}  // namespace fansipan::center
