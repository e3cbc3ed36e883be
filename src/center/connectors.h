#pragma once

#include <span>
#include <string_view>
#include <vector>

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

}  // namespace fansipan::center
