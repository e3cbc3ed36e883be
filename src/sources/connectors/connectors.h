#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "center/center.h"
#include "sources/connectors/connection.h"
#include "sources/connectors/connector.h"

namespace fansipan::sources {

class ConnectorRunner;

/// The connectors of one center that fetch: one for each source that declares one, each on a thread
/// of its own. `push` and `file_drop` wait for what comes and have none here. Start and stop belong
/// to one thread; `ConnectionOf` is safe from any while it lives.
class Connectors {
 public:
  Connectors(std::shared_ptr<const center::Center> center,
             const ConnectorSurroundings& surroundings);
  /// Breaks off what is under way and waits for it, all at once.
  ~Connectors();
  Connectors(const Connectors&) = delete;
  Connectors& operator=(const Connectors&) = delete;

  /// Nothing when the source has no connector that fetches.
  std::optional<Connection> ConnectionOf(const std::string& source) const;

 private:
  const std::shared_ptr<const center::Center> center_;
  std::map<std::string, std::unique_ptr<ConnectorRunner>> runners_;
};

/// A connector of its own for the source, which must outlive it; null when the source has none that
/// asks.
std::unique_ptr<Connector> MakeConnector(const center::Source& source,
                                         base::MetricsRegistry& metrics);

/// Names of the secrets that the center's sources need, with the first source that needs each.
std::map<std::string, std::string> SecretsNeeded(const center::Center& center);

/// Tells that a secret a source needs is not kept, and what to do.
std::string MissingSecretText(const std::string& name, const std::string& source);

}  // namespace fansipan::sources
