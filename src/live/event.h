#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fansipan::live {

/// Names a published state: its sequence, and its tick in microseconds since 1970. Ids never go
/// back.
struct StateId {
  std::uint64_t sequence = 0;
  std::int64_t tick = 0;
  auto operator<=>(const StateId&) const = default;
};

/// "<sequence>.<tick>", as in `id:` and `Last-Event-ID`.
std::string ToText(const StateId& id);
/// Nothing for text of another form.
std::optional<StateId> ParseStateId(std::string_view text);

/// One event of a text/event-stream. `data` must be one line; no id is written when there is none.
std::string EncodeEvent(std::string_view name, const std::optional<StateId>& id,
                        std::string_view data);

/// Tells a viewer how long to wait before it comes back once its stream has ended: from 1 to 10
/// seconds, another time for each stream, so that viewers of a server that restarts come spread.
std::string EncodeRetry(std::uint64_t stream);

}  // namespace fansipan::live
