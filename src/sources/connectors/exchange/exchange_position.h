#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "center/connectors/exchange.h"

namespace fansipan::sources {

/// More are not taken before the exchange has been told of them.
inline constexpr std::size_t kMaxUnreported = 50;
inline constexpr std::size_t kMaxIdBytes = 200;

/// Where the connector stands with an exchange: what is recorded as the source's position.
struct ExchangePosition {
  /// Ids of documents that are durable, and of which the exchange has not been told.
  std::vector<std::string> unreported;
  std::uint64_t taken = 0;  ///< documents handed over, ever: no two deliveries have one position
  std::string request;      ///< of the declaration under which it was written
  bool operator==(const ExchangePosition&) const = default;
};

/// One line of JSON. A text that cannot be read, of another connector say, is as none.
std::string Encode(const ExchangePosition& position);
ExchangePosition DecodeExchangePosition(const std::string& text);

/// What of `position` still means something under this declaration: another exchange is not told of
/// this one's documents.
ExchangePosition Under(const center::Exchange& exchange, ExchangePosition position);

}  // namespace fansipan::sources
