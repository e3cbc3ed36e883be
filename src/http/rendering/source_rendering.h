#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "center/center.h"
#include "http/rendering/json_writer.h"
#include "indicators/health/source_history.h"
#include "indicators/health/source_standing.h"
#include "sources/connectors/connection.h"

namespace fansipan::http {

/// A source with how it stands.
struct ShownSource {
  const center::Source* source = nullptr;
  indicators::SourceStanding standing;
  /// When it came to stand so; of one that is live the end of its last event, when that is near.
  std::optional<base::Timestamp> since;
  std::vector<const model::Indicator*> feeds;
  std::optional<model::Sequence> last_delivery;
  std::optional<sources::Connection> connection;
};

void WriteSource(JsonWriter& json, const ShownSource& shown);
/// What the source has declared about itself, as member `contract`.
void WriteContract(JsonWriter& json, const center::Source& source);
/// `feeds`: so many figures are fed by the source.
void WriteSourceEvent(JsonWriter& json, const indicators::SourceEvent& event, std::size_t feeds);

}  // namespace fansipan::http
