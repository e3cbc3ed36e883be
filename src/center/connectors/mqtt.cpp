#include "center/connectors/mqtt.h"

#include <algorithm>

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxTopic = 65'535;

/// Cuts the first level off.
std::string_view TakeLevel(std::string_view& rest, bool& more) {
  const std::size_t end = rest.find('/');
  const std::string_view level = rest.substr(0, end);
  more = end != std::string_view::npos;
  rest = more ? rest.substr(end + 1) : std::string_view();
  return level;
}

}  // namespace

std::string_view NameOf(MqttVersion version) {
  return version == MqttVersion::k311 ? "3.1.1" : "5";
}

std::string_view NameOf(MqttPayload payload) {
  return payload == MqttPayload::kJson ? "json" : "text";
}

std::set<std::string> SecretsOf(const Mqtt& mqtt) {
  if (mqtt.secret.empty()) return {};
  return {mqtt.secret};
}

bool IsTopicFilter(std::string_view text) {
  if (text.empty() || text.size() > kMaxTopic || text.find('\0') != std::string_view::npos) {
    return false;
  }
  for (bool more = true; more;) {
    const std::string_view level = TakeLevel(text, more);
    if (level == "#") return !more;
    if (level != "+" && level.find_first_of("+#") != std::string_view::npos) return false;
  }
  return true;
}

bool IsTopic(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTopic &&
         std::ranges::none_of(text, [](char c) { return c == '\0' || c == '+' || c == '#'; });
}

bool TopicMatches(std::string_view filter, std::string_view topic) {
  const bool begins_wild = filter.starts_with('+') || filter.starts_with('#');
  if (begins_wild && topic.starts_with('$')) return false;
  for (bool filter_more = true, topic_more = true;;) {
    const std::string_view wanted = TakeLevel(filter, filter_more);
    if (wanted == "#") return true;
    const std::string_view level = TakeLevel(topic, topic_more);
    if (wanted != "+" && wanted != level) return false;
    if (!topic_more) return !filter_more || filter == "#";
    if (!filter_more) return false;
  }
}

}  // namespace fansipan::center
