#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "center/connectors/mqtt.h"
#include "center/source.h"
#include "sources/connectors/mqtt/message_line.h"
#include "sources/connectors/mqtt/packets.h"

// Any bytes as what a broker sends, in two pieces, in both versions: no crash, no more kept than
// allowed, and every message becomes one line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fansipan;  // NOLINT(google-build-using-namespace)
  constexpr std::uint64_t kKept = 1'024;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  center::Source source;
  auto declared = std::make_shared<center::Mqtt>();
  declared->topics = {"#"};
  source.mqtt = declared;
  for (const auto version : {center::MqttVersion::k311, center::MqttVersion::k5}) {
    sources::mqtt::PacketReader reader(kKept);
    for (const std::string_view piece : {bytes.substr(0, size / 2), bytes.substr(size / 2)}) {
      reader.Feed(piece);
      for (;;) {
        auto packet = reader.Next();
        if (!packet.ok()) return 0;
        if (!*packet) break;
        if ((*packet)->body.size() > kKept) __builtin_trap();
        static_cast<void>(sources::mqtt::ParseConnAck(**packet, version));
        static_cast<void>(sources::mqtt::ParseSubAck(**packet, version, 1));
        const auto message = sources::mqtt::ParsePublish(**packet, version);
        if (!message.ok()) continue;
        const auto line = sources::mqtt::LineOf(*message, base::Timestamp(), source);
        if (line.text.find('\n') != line.text.size() - 1) __builtin_trap();
      }
    }
  }
  return 0;
}
