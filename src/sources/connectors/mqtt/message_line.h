#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "center/source.h"
#include "sources/connectors/mqtt/packets.h"

namespace fansipan::sources::mqtt {

/// A message as a line of NDJSON, its end included.
struct MessageLine {
  std::string text;
  std::string_view refusal;  ///< why it cannot be taken; empty: it can
};

/// `{"topic":…,"received_at":…,"retained":…,"redelivered":…,"payload":…}`. A JSON payload stands
/// there as it was written, but for line ends between its tokens; a text one as a JSON string. What
/// cannot be taken becomes a line that holds it and that every decoder refuses as no object, so
/// that it is kept, counted and shown: reasons undeclared_topic, bad_topic, message_too_large,
/// not_utf8, not_json.
MessageLine LineOf(const Message& message, base::Timestamp received_at,
                   const center::Source& source);

/// A moment in UTC as RFC 3339 with microseconds.
std::string MomentText(base::Timestamp moment);

}  // namespace fansipan::sources::mqtt
