#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace fansipan::sources {

/// What a connector is doing about its source.
enum class ConnectionPhase {
  kWaiting,   ///< until its next asking
  kAsking,    ///< speaks with the source
  kHeldBack,  ///< has rows that intake does not take now; they are kept and offered again
  kFailing,   ///< the source could not be asked, or what it said could not be taken
  kPaused     ///< an official has the source stand still
};
std::string_view NameOf(ConnectionPhase phase);

/// How a connector stands with its source. Holds no secret.
struct Connection {
  std::string connector;  ///< name in center::kConnectors
  ConnectionPhase phase = ConnectionPhase::kWaiting;
  std::optional<base::Timestamp> last_contact;   ///< the source last answered as it should
  std::optional<base::Timestamp> failing_since;  ///< nothing: the last asking went well
  std::uint32_t failures = 0;                    ///< in a row
  /// Of the last failure, or, while it is held back, why intake does not take what is offered: a
  /// word for machines, and a message for who must act.
  std::string reason;
  std::string message;
  std::optional<base::Timestamp> next_at;  ///< when it is asked again
};

}  // namespace fansipan::sources
