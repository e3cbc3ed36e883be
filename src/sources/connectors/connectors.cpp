#include "sources/connectors/connectors.h"

#include "center/connectors.h"
#include "sources/connectors/connector_runner.h"
#include "sources/connectors/database/database_pull.h"
#include "sources/connectors/exchange/exchange.h"
#include "sources/connectors/file_fetch/file_fetch.h"
#include "sources/connectors/http/http_pull.h"
#include "sources/connectors/mqtt/mqtt.h"

namespace fansipan::sources {

/// Every connector that asks is made here.
std::unique_ptr<Connector> MakeConnector(const center::Source& source,
                                         base::MetricsRegistry& metrics) {
  if (source.http_pull) return MakeHttpPull(source, metrics);
  if (source.file_fetch) return MakeFileFetch(source, metrics);
  if (source.exchange) return MakeExchange(source, metrics);
  if (source.mqtt) return MakeMqtt(source, metrics);
  if (source.postgres) return MakePostgresPull(source, metrics);
  if (source.odbc) return MakeOdbcPull(source, metrics);
  return nullptr;
}

Connectors::Connectors(std::shared_ptr<const center::Center> center,
                       const ConnectorSurroundings& surroundings)
    : center_(std::move(center)) {
  for (const center::Source& source : center_->sources) {
    auto connector = MakeConnector(source, *surroundings.metrics);
    if (!connector) continue;
    runners_[source.name] = std::make_unique<ConnectorRunner>(
        source.name, std::string(center::AskingConnectorOf(source)), std::move(connector),
        surroundings);
  }
}

Connectors::~Connectors() {
  for (auto& [source, runner] : runners_) runner->RequestStop();
}

std::optional<Connection> Connectors::ConnectionOf(const std::string& source) const {
  const auto found = runners_.find(source);
  if (found == runners_.end()) return std::nullopt;
  return found->second->connection();
}

std::map<std::string, std::string> SecretsNeeded(const center::Center& center) {
  std::map<std::string, std::string> needed;
  for (const center::Source& source : center.sources) {
    for (const std::string& name : center::SecretsOf(source)) needed.emplace(name, source.name);
  }
  return needed;
}

std::string MissingSecretText(const std::string& name, const std::string& source) {
  return "source '" + source + "' needs the secret '" + name +
         "', which is not set; an administrator sets it with 'fansipan secret set " + name + "'";
}

}  // namespace fansipan::sources
