#include "sources/connectors/mqtt/message_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "center/connectors/mqtt.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::mqtt {
namespace {

constexpr std::size_t kShownTopic = 1'000;
constexpr std::size_t kShownOfTooLarge = 4'000;
constexpr std::uint64_t kShownWhole = 64U << 10U;

std::string Quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Text as it is, other bytes in hexadecimal.
std::string Shown(std::string_view bytes, std::size_t limit) {
  const std::string_view part = bytes.substr(0, limit);
  if (internal::IsUtf8(bytes)) return "text " + std::string(internal::CutUtf8(bytes, limit));
  return "bytes " + base::ToHex(part);
}

std::string_view RefusalOf(const Message& message, const center::Source& source) {
  const center::Mqtt& mqtt = *source.mqtt;
  if (!center::IsTopic(message.topic) || !internal::IsUtf8(message.topic)) return "bad_topic";
  const bool declared = std::ranges::any_of(mqtt.topics, [&](const std::string& filter) {
    return center::TopicMatches(filter, message.topic);
  });
  if (!declared) return "undeclared_topic";
  if (!message.whole || message.payload_bytes > mqtt.message_bytes) return "message_too_large";
  if (!internal::IsUtf8(message.payload)) return "not_utf8";
  if (mqtt.payload == center::MqttPayload::kText) return {};
  const std::uint32_t depth = source.limits.depth - 1;
  return internal::CheckJson(message.payload, depth).ok() ? std::string_view() : "not_json";
}

std::string PayloadText(const Message& message, center::MqttPayload payload) {
  if (payload == center::MqttPayload::kText) return Quoted(message.payload);
  // A line end within a JSON text stands between tokens.
  std::string text = message.payload;
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string RefusedLine(const Message& message, base::Timestamp received_at,
                        std::string_view reason) {
  const bool is_cut = reason == "message_too_large" || message.payload_bytes > kShownWhole;
  const std::size_t shown = is_cut ? kShownOfTooLarge : std::string::npos;
  return Quoted(fmt::format("message refused: {}; topic {}; received_at {}; {} bytes; {}", reason,
                            Shown(message.topic, kShownTopic), MomentText(received_at),
                            message.payload_bytes, Shown(message.payload, shown))) +
         "\n";
}

}  // namespace

MessageLine LineOf(const Message& message, base::Timestamp received_at,
                   const center::Source& source) {
  const std::string_view refusal = RefusalOf(message, source);
  if (!refusal.empty()) return {RefusedLine(message, received_at, refusal), refusal};
  std::string text = fmt::format(
      R"({{"topic":{},"received_at":"{}","retained":{},"redelivered":{},"payload":{}}})",
      Quoted(message.topic), MomentText(received_at), message.retained, message.redelivered,
      PayloadText(message, source.mqtt->payload));
  return {std::move(text) + "\n", {}};
}

std::string MomentText(base::Timestamp moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

}  // namespace fansipan::sources::mqtt
