#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "center/source.h"

namespace fansipan::center {

/// How far a connector can be relied upon.
enum class ConnectorStatus {
  kStable,
  kTrial  ///< works and is tested, but its options may still change
};
std::string_view NameOf(ConnectorStatus status);

/// A key that a connector's declaration may have. Only described keys are taken.
struct ConnectorOption {
  std::string_view key;
  std::string_view what;
};

/// A way by which data comes from a source.
struct ConnectorKind {
  std::string_view name;
  ConnectorStatus status = ConnectorStatus::kTrial;
  std::string_view what;
  std::span<const ConnectorOption> options;  ///< of the map named as the connector; empty: no map

  std::vector<std::string_view> Keys() const;
};

/// Every connector there is.
std::span<const ConnectorKind> Connectors();
/// Null when there is none of that name.
const ConnectorKind* FindConnector(std::string_view name);

/// Names of the ways by which data of the source comes in.
std::vector<std::string_view> ConnectorsOf(const Source& source);
/// The one by which it is asked; empty when it is not.
std::string_view AskingConnectorOf(const Source& source);
/// From the end of one asking to the next; nothing when it is not asked, or always listened to.
std::optional<base::Duration> AskedEvery(const Source& source);
/// Names of the kept secrets that it needs.
std::set<std::string> SecretsOf(const Source& source);

}  // namespace fansipan::center
