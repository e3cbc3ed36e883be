#include "center/internal/connectors/mqtt.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "center/connectors.h"
#include "center/internal/text_checks.h"
#include "center/network.h"

namespace fansipan::center {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxTopics = 50;
constexpr std::size_t kMaxFilter = 500;
constexpr std::size_t kMaxClient = 64;
constexpr std::int64_t kMaxPort = 65'535;
constexpr std::int64_t kMaxMessages = 10'000;
constexpr std::uint32_t kAhead311 = 20;
constexpr std::int64_t kKilobyte = 1LL << 10U;
constexpr std::int64_t kMegabyte = 1LL << 20U;

bool IsPlainText(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

class MqttMapReader {
 public:
  MqttMapReader(const YamlNode& node, const YamlMap& source, const Source& read)
      : node_(node), map_(node, source.scope(), source.what() + ": 'mqtt'"), read_(read) {}

  Mqtt Read() {
    map_.Allow(FindConnector("mqtt")->Keys());
    ReadBroker();
    ReadClient();
    ReadTopics();
    ReadSignIn();
    ReadTimes();
    ReadBatch();
    if (read_.format != Format::kNdjson) {
      map_.Report(node_, "is for the format ndjson: each message becomes a line of JSON");
    }
    return std::move(mqtt_);
  }

 private:
  void ReadBroker() {
    const YamlNode* host = map_.FindText("host", Need::kRequired);
    mqtt_.tls = map_.Flag("tls", true);
    mqtt_.port = static_cast<std::uint16_t>(
        map_.Integer("port", {1, kMaxPort}, mqtt_.tls ? mqtt_.port : 1'883));
    if (host == nullptr) return;
    mqtt_.host = host->text;
    const Reach* reach = FindReach(read_.reach, mqtt_.host, mqtt_.port);
    if (reach == nullptr) {
      map_.Report(*host, "leads to " + mqtt_.host + ", port " + std::to_string(mqtt_.port) +
                             ", which the source's 'reach' does not name");
    } else if (!mqtt_.tls && reach->network == Network::kPublic) {
      map_.Report(*host,
                  "needs 'tls'; without it is for hosts whose 'network' in 'reach' is private, "
                  "link_local or loopback");
    }
  }

  void ReadClient() {
    const auto version = map_.Choice("version", {"3.1.1", "5"}, Need::kOptional);
    if (version) mqtt_.version = static_cast<MqttVersion>(*version);
    const auto payload = map_.Choice("payload", {"json", "text"}, Need::kOptional);
    if (payload) mqtt_.payload = static_cast<MqttPayload>(*payload);
    const YamlNode* client = map_.FindText("client_id", Need::kRequired);
    if (client == nullptr) return;
    mqtt_.client_id = client->text;
    if (!IsPlainText(client->text, kMaxClient)) {
      map_.Report(*client, "must be 1 to 64 printable ASCII characters without blanks");
    }
  }

  void ReadTopics() {
    const auto topics = map_.Texts("topics", Need::kRequired, kMaxTopics);
    const YamlNode* node = map_.Find("topics");
    if (topics.empty() && node != nullptr) map_.Report(*node, "must name a topic");
    for (const YamlNode* topic : topics) {
      const bool filter = IsTopicFilter(topic->text) && topic->text.size() <= kMaxFilter;
      if (!filter || FindBadByte(topic->text)) {
        map_.Report(*topic,
                    "has '" + topic->text +
                        "', which is no topic filter such as province/+/rain or province/#");
      }
      mqtt_.topics.push_back(topic->text);
    }
  }

  void ReadSignIn() {
    const YamlNode* node = map_.Find("sign_in");
    if (node == nullptr) return;
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'sign_in'");
    map.Allow({"user", "secret"});
    if (const YamlNode* user = map.FindText("user", Need::kRequired)) {
      mqtt_.user = user->text;
      if (!IsPlainText(user->text, kMaxFilter)) map.Report(*user, "must be printable ASCII");
    }
    if (const YamlNode* secret = map.FindName("secret", Need::kRequired)) {
      mqtt_.secret = secret->text;
    }
  }

  /// The span at `key`, if it is one that is allowed.
  void ReadSpan(const YamlMap& map, std::string_view key, base::Duration least, base::Duration most,
                std::string_view allowed, base::Duration& span) {
    const auto read = map.Duration(key);
    if (!read) return;
    if (*read < least || *read > most) {
      map.Report(*map.Find(key), "allowed: " + std::string(allowed));
      return;
    }
    span = *read;
  }

  void ReadTimes() {
    base::Duration keep_alive = seconds(mqtt_.keep_alive_seconds);
    ReadSpan(map_, "keep_alive", seconds(5), std::chrono::hours(1), "5s to 1h", keep_alive);
    mqtt_.keep_alive_seconds =
        static_cast<std::uint32_t>(std::chrono::duration_cast<seconds>(keep_alive).count());
    ReadSpan(map_, "heartbeat", seconds(1), std::chrono::hours(1), "1s to 1h", mqtt_.heartbeat);
    ReadSpan(map_, "session_expiry", std::chrono::minutes(1), std::chrono::days(90), "1m to 90d",
             mqtt_.session_expiry);
    if (mqtt_.version == MqttVersion::k311 && map_.Has("session_expiry")) {
      map_.Report(*map_.Find("session_expiry"),
                  "is for version 5; with 3.1.1 the broker alone decides");
    }
  }

  void ReadBatch() {
    // As many as brokers send ahead unless they are told otherwise.
    if (mqtt_.version == MqttVersion::k311) mqtt_.batch_messages = kAhead311;
    mqtt_.message_bytes = map_.Size("message_limit", {kKilobyte, kMegabyte}, mqtt_.message_bytes);
    const YamlNode* node = map_.Find("batch");
    if (node == nullptr) return;
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'batch'");
    map.Allow({"messages", "within"});
    mqtt_.batch_messages = static_cast<std::uint32_t>(
        map.Integer("messages", {1, kMaxMessages}, mqtt_.batch_messages));
    ReadSpan(map, "within", seconds(1), std::chrono::minutes(1), "1s to 1m", mqtt_.batch_within);
  }

  const YamlNode& node_;
  YamlMap map_;
  const Source& read_;
  Mqtt mqtt_;
};

}  // namespace

std::shared_ptr<const Mqtt> ReadMqtt(const YamlMap& source, const Source& read) {
  const YamlNode* node = source.Find("mqtt");
  if (node == nullptr) return nullptr;
  return std::make_shared<const Mqtt>(MqttMapReader(*node, source, read).Read());
}

}  // namespace fansipan::center
