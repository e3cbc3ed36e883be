#include "sources/connectors/connectors.h"

#include "center/database_source.h"
#include "center/http_pull.h"
#include "sources/connectors/connector_runner.h"
#include "sources/connectors/database/database_pull.h"
#include "sources/connectors/http/http_pull.h"

namespace fansipan::sources {
namespace {

/// The names are those of center::Connectors().
struct Made {
  std::string name;
  std::unique_ptr<Connector> connector;
};

/// Every connector that fetches is made here; nothing for a source that has none.
Made Make(const center::Source& source, const ConnectorSurroundings& surroundings) {
  if (source.http_pull) return {"http_pull", MakeHttpPull(source, *surroundings.metrics)};
  if (source.postgres) return {"postgres", MakePostgresPull(source, *surroundings.metrics)};
  if (source.odbc) return {"odbc", MakeOdbcPull(source, *surroundings.metrics)};
  return {};
}

}  // namespace

Connectors::Connectors(std::shared_ptr<const center::Center> center,
                       const ConnectorSurroundings& surroundings)
    : center_(std::move(center)) {
  for (const center::Source& source : center_->sources) {
    Made made = Make(source, surroundings);
    if (!made.connector) continue;
    runners_[source.name] = std::make_unique<ConnectorRunner>(
        source.name, std::move(made.name), std::move(made.connector), surroundings);
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
    if (source.postgres) needed.emplace(source.postgres->query.secret, source.name);
    if (source.odbc) needed.emplace(source.odbc->query.secret, source.name);
    if (!source.http_pull) continue;
    for (const std::string& name : center::SecretsOf(*source.http_pull)) {
      needed.emplace(name, source.name);
    }
  }
  return needed;
}

std::string MissingSecretText(const std::string& name, const std::string& source) {
  return "source '" + source + "' needs the secret '" + name +
         "', which is not set; an administrator sets it with 'fansipan secret set " + name + "'";
}

}  // namespace fansipan::sources
