#include "sources/connectors/mqtt/mqtt.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/log.h"
#include "center/connectors/mqtt.h"
#include "center/network.h"
#include "sources/connectors/mqtt/message_line.h"
#include "sources/connectors/mqtt/session.h"

namespace fansipan::sources {
namespace {

using mqtt::Event;
using mqtt::Instant;
using mqtt::Session;
using std::chrono::seconds;

// A connection that held so long is a good one: the runner then forgets the failures before it.
constexpr seconds kFirstTurn{5};
constexpr seconds kTurn{30};
// Of a trial: how long it listens, and from its first message on.
constexpr seconds kTrialTurn{15};
constexpr seconds kTrialWithin{3};
constexpr std::uint64_t kMostBytes = 4ULL << 20U;  // of a delivery; one message may go beyond

Instant Now() { return std::chrono::steady_clock::now(); }

/// Messages that become one delivery.
struct Batch {
  std::string lines;
  std::vector<std::uint16_t> ids;
  std::uint64_t messages = 0;
};

/// The position of a source counts the messages taken: it moves with every delivery, so that one
/// kept as refused is known to be kept.
std::uint64_t MessagesUntil(const std::string& position) {
  std::uint64_t count = 0;
  std::from_chars(position.data(), position.data() + position.size(), count);
  return count;
}

/// The same under a name of its own, for which the broker keeps nothing.
center::Mqtt ForTrial(center::Mqtt mqtt) {
  mqtt.client_id += "-trial";
  mqtt.session_expiry = {};
  mqtt.batch_within = kTrialWithin;
  return mqtt;
}

class MqttConnector final : public Connector {
 public:
  MqttConnector(const center::Source& source, base::MetricsRegistry& metrics, mqtt::OpenLine open)
      : source_(source),
        declared_(*source.mqtt),
        trial_(ForTrial(declared_)),
        open_(std::move(open)),
        messages_(Count(metrics, "messages", "Messages recorded for a connector")),
        refused_(Count(metrics, "messages_refused", "Messages that were kept as refused")),
        unacknowledged_(Count(metrics, "messages_unacknowledged",
                              "Messages that the broker sent with no acknowledgement wanted")),
        sessions_lost_(Count(metrics, "sessions_lost",
                             "Times that the broker had kept no messages for the center")) {}

  base::Status Ask(Passage& passage) override;
  base::Duration every() const override { return {}; }

 private:
  base::Counter& Count(base::MetricsRegistry& metrics, const std::string& what, const char* help) {
    return metrics.GetCounter("fansipan_connector_" + what + "_total", help,
                              {{"source", source_.name}, {"connector", "mqtt"}});
  }
  base::Status Open(Passage& passage);
  void NoteSession(const Passage& passage);
  base::Status Listen(Instant until, Passage& passage);
  base::Result<Batch> Gather(Instant until, Passage& passage);
  void Add(const mqtt::Message& message, base::Timestamp received_at, Batch& batch);
  base::Status HandOver(Batch batch, Passage& passage);
  base::Status ShowLife(Passage& passage);

  const center::Source& source_;
  const center::Mqtt& declared_;
  const center::Mqtt trial_;
  const center::Mqtt* mqtt_ = &declared_;  ///< as which it comes
  const mqtt::OpenLine open_;
  base::Counter& messages_;
  base::Counter& refused_;
  base::Counter& unacknowledged_;
  base::Counter& sessions_lost_;
  std::unique_ptr<Session> session_;
  bool alive_ = false;                 ///< the broker answered since the last sign of life
  std::optional<Instant> life_shown_;  ///< the last delivery or sign of life of this session
};

base::Status MqttConnector::Ask(Passage& passage) {
  const bool anew = session_ == nullptr;
  base::Status status = anew ? Open(passage) : base::Status();
  const seconds turn = anew ? kFirstTurn : kTurn;
  const Instant until = Now() + (passage.is_trial() ? kTrialTurn : turn);
  if (status.ok()) status = Listen(until, passage);
  // What was not acknowledged comes again over the next connection.
  if (!status.ok()) session_.reset();
  return status;
}

base::Status MqttConnector::Open(Passage& passage) {
  mqtt_ = passage.is_trial() ? &trial_ : &declared_;
  std::string password;
  if (!mqtt_->secret.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(password, passage.Secret(mqtt_->secret));
  }
  FANSIPAN_ASSIGN_OR_RETURN(auto line, open_(passage.stop()));
  FANSIPAN_ASSIGN_OR_RETURN(session_,
                            Session::Open(*mqtt_, std::move(line), password, passage.stop()));
  passage.NoteContact();
  alive_ = true;
  life_shown_ = std::nullopt;
  NoteSession(passage);
  return {};
}

/// Whoever was here before and finds nothing kept may have missed messages.
void MqttConnector::NoteSession(const Passage& passage) {
  if (session_->resumed() || MessagesUntil(passage.Position()) == 0) return;
  sessions_lost_.Add();
  base::LogWarning(
      "source '{}': the broker has kept no messages for '{}'; those of the time away may be lost; "
      "let it keep sessions longer",
      source_.name, mqtt_->client_id);
}

base::Status MqttConnector::Listen(Instant until, Passage& passage) {
  do {
    FANSIPAN_ASSIGN_OR_RETURN(Batch batch, Gather(until, passage));
    if (batch.messages > 0) {
      FANSIPAN_RETURN_IF_ERROR(HandOver(std::move(batch), passage));
    } else {
      FANSIPAN_RETURN_IF_ERROR(ShowLife(passage));
    }
  } while (Now() < until);
  return {};
}

/// Until the delivery is full, its first message old enough, or the broker silent until then.
base::Result<Batch> MqttConnector::Gather(Instant until, Passage& passage) {
  Batch batch;
  const std::uint64_t most = std::min<std::uint64_t>(mqtt_->batch_messages, source_.limits.rows);
  const std::uint64_t most_bytes = std::min(kMostBytes, source_.limits.payload_bytes / 2);
  while (batch.messages < most && batch.lines.size() < most_bytes) {
    FANSIPAN_ASSIGN_OR_RETURN(Event event, session_->Receive(until, passage.stop()));
    if (event.kind == Event::Kind::kNothing) break;
    passage.NoteContact();
    alive_ = true;
    if (event.kind == Event::Kind::kMessage) {
      if (batch.messages == 0) until = Now() + mqtt_->batch_within;
      Add(event.message, passage.Now(), batch);
    } else if (batch.messages == 0) {
      break;
    }
  }
  return batch;
}

void MqttConnector::Add(const mqtt::Message& message, base::Timestamp received_at, Batch& batch) {
  mqtt::MessageLine line = mqtt::LineOf(message, received_at, source_);
  if (!line.refusal.empty()) refused_.Add();
  if (message.id == 0) unacknowledged_.Add();
  batch.lines += line.text;
  if (message.id != 0) batch.ids.push_back(message.id);
  ++batch.messages;
}

/// Recorded first, then acknowledged.
base::Status MqttConnector::HandOver(Batch batch, Passage& passage) {
  const std::uint64_t until = MessagesUntil(passage.Position()) + batch.messages;
  {
    const Session::Pulse pulse(*session_);
    FANSIPAN_RETURN_IF_ERROR(passage.Deliver(std::move(batch.lines), std::to_string(until)));
  }
  messages_.Add(batch.messages);
  life_shown_ = Now();
  alive_ = false;
  return session_->Acknowledge(batch.ids);
}

base::Status MqttConnector::ShowLife(Passage& passage) {
  const bool due = !life_shown_ || Now() - *life_shown_ >= mqtt_->heartbeat;
  if (!alive_ || !due) return {};
  FANSIPAN_RETURN_IF_ERROR(passage.Heartbeat(""));
  alive_ = false;
  life_shown_ = Now();
  return {};
}

}  // namespace

std::unique_ptr<Connector> MakeMqtt(const center::Source& source, base::MetricsRegistry& metrics) {
  const center::Mqtt& mqtt = *source.mqtt;
  const center::Reach reach = *center::FindReach(source.reach, mqtt.host, mqtt.port);
  return MakeMqtt(source, metrics, [reach, tls = mqtt.tls](const std::stop_token& stop) {
    return mqtt::OpenBrokerLine(reach, tls, stop);
  });
}

std::unique_ptr<Connector> MakeMqtt(const center::Source& source, base::MetricsRegistry& metrics,
                                    mqtt::OpenLine open) {
  return std::make_unique<MqttConnector>(source, metrics, std::move(open));
}

}  // namespace fansipan::sources
