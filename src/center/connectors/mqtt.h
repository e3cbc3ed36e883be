#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace fansipan::center {

enum class MqttVersion { k311, k5 };
std::string_view NameOf(MqttVersion version);

/// What the bytes of a message are.
enum class MqttPayload { kJson, kText };
std::string_view NameOf(MqttPayload payload);

/// Topics of a broker that the center listens to, under one client identifier that the broker
/// keeps messages for while the center is away.
struct Mqtt {
  std::string host;
  std::uint16_t port = 8883;
  bool tls = true;
  MqttVersion version = MqttVersion::k5;
  std::string client_id;
  std::vector<std::string> topics;  ///< filters, with wildcards
  MqttPayload payload = MqttPayload::kJson;
  std::string user;    ///< empty: nobody signs in
  std::string secret;  ///< name of the kept secret that is the password
  /// How long the broker keeps messages for the center; told to it with version 5 only.
  base::Duration session_expiry = std::chrono::days(7);
  std::uint32_t keep_alive_seconds = 60;
  base::Duration heartbeat = std::chrono::minutes(1);  ///< distance of signs of life
  /// Messages of a delivery at most; with version 5 also those that the broker may send ahead.
  std::uint32_t batch_messages = 200;
  base::Duration batch_within = std::chrono::seconds(1);  ///< from its first message on
  std::uint64_t message_bytes = 64ULL << 10U;             ///< of one message at most
  bool operator==(const Mqtt&) const = default;
};

/// Names of the kept secrets that it needs.
std::set<std::string> SecretsOf(const Mqtt& mqtt);

/// Levels parted by `/`; `+` stands for a whole level, `#` for all the last ones.
bool IsTopicFilter(std::string_view text);
/// A name that a message may have: not empty, without wildcards and NUL. UTF-8 is not looked at.
bool IsTopic(std::string_view text);
/// Wildcards that begin a filter do not match topics that begin with `$`.
bool TopicMatches(std::string_view filter, std::string_view topic);

}  // namespace fansipan::center
