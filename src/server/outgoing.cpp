#include "server/outgoing.h"

#include <utility>

#include "base/log.h"

namespace fansipan::server {
namespace {

sources::ConnectorSurroundings SurroundingsOf(const Outgoing::Parts& parts) {
  sources::ConnectorSurroundings surroundings;
  surroundings.deliver = [intake = parts.intake](sources::Submission submission) {
    return intake->Deliver(std::move(submission));
  };
  surroundings.heartbeat = [intake = parts.intake](const std::string& source,
                                                   std::string position) {
    return intake->Heartbeat(source, std::move(position));
  };
  surroundings.position_of = [intake = parts.intake](const std::string& source) {
    return intake->PositionOf(source);
  };
  surroundings.is_paused = [intake = parts.intake](const std::string& source) {
    return !intake->CheckNotPaused(source).ok();
  };
  surroundings.note_failing = [intake = parts.intake](const std::string& source,
                                                      const base::Error& error) {
    return intake->NoteFailing(source, error);
  };
  surroundings.note_answering = [intake = parts.intake](const std::string& source) {
    return intake->NoteAnswering(source);
  };
  surroundings.secret = [secrets = parts.secrets](const std::string& name) {
    return secrets->Find(name);
  };
  surroundings.wait = sources::WaitUnlessStopped;
  surroundings.clock = parts.clock;
  surroundings.random = parts.random;
  surroundings.metrics = parts.metrics;
  return surroundings;
}

}  // namespace

Outgoing::Outgoing(const Parts& parts) : parts_(parts), surroundings_(SurroundingsOf(parts)) {}

void Outgoing::Switch(std::shared_ptr<const center::Center> center) {
  const std::lock_guard switching(switching_);
  if (stopped_) return;
  EndRunning();
  TellOfSecrets(*center);
  auto started = std::make_unique<const sources::Connectors>(center, surroundings_);
  EndVainFailures(*center, *started);
  const std::lock_guard lock(mutex_);
  connectors_ = std::move(started);
}

void Outgoing::Stop() {
  const std::lock_guard switching(switching_);
  stopped_ = true;
  EndRunning();
}

void Outgoing::EndRunning() {
  std::unique_ptr<const sources::Connectors> ending;
  const std::lock_guard lock(mutex_);
  ending = std::move(connectors_);
}

std::optional<sources::Connection> Outgoing::ConnectionOf(const std::string& source) const {
  const std::lock_guard lock(mutex_);
  return connectors_ ? connectors_->ConnectionOf(source) : std::nullopt;
}

/// Who is not asked any more fails no more.
void Outgoing::EndVainFailures(const center::Center& center,
                               const sources::Connectors& connectors) const {
  for (const center::Source& source : center.sources) {
    if (connectors.ConnectionOf(source.name)) continue;
    const base::Status noted = parts_.intake->NoteAnswering(source.name);
    if (!noted.ok()) base::LogWarning("source '{}': {}", source.name, noted.error().message);
  }
}

void Outgoing::TellOfSecrets(const center::Center& center) const {
  for (const auto& [name, source] : sources::SecretsNeeded(center)) {
    const auto value = parts_.secrets->Find(name);
    if (!value.ok()) {
      base::LogWarning("secret '{}': {}", name, value.error().message);
    } else if (!*value) {
      base::LogWarning("{}", sources::MissingSecretText(name, source));
    }
  }
}

}  // namespace fansipan::server
