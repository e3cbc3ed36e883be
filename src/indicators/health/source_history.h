#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "center/center.h"
#include "indicators/engine.h"
#include "indicators/health/source_standing.h"
#include "model/indicator.h"

namespace fansipan::indicators {

/// A time in which a source stood alike.
struct SourceSpan {
  SourceState state = SourceState::kNever;
  base::Timestamp from;
  base::Timestamp until;  ///< of the last one: the view's moment
  std::string reason;     ///< as it began: of a pause, failure, refusal, broken contract
  std::string message;
};

/// How the source stood from `from` to the view's moment, without a gap. It follows from the
/// journal and the center's declarations alone, so that a restart changes nothing of it.
std::vector<SourceSpan> ReadSourceSpans(const View& view, const center::Source& source,
                                        base::Timestamp from);

/// A time in which a source was not live: one event, whatever became of it meanwhile and however
/// many figures it feeds.
struct SourceEvent {
  const center::Source* source = nullptr;
  std::vector<SourceSpan> steps;  ///< at least one
  bool open = false;              ///< at the view's moment

  base::Timestamp opened_at() const { return steps.front().from; }
  std::optional<base::Timestamp> closed_at() const;
};

/// An event that began so long before a list of events is told from then on.
inline constexpr base::Duration kEventLookBack = std::chrono::hours(24 * 40);
/// Of one source; the youngest are told.
inline constexpr std::size_t kMaxSourceEvents = 200;

/// Events of the source that were open at `from` or opened since, the youngest first.
std::vector<SourceEvent> ReadSourceEvents(const View& view, const center::Source& source,
                                          base::Timestamp from);

/// By the name of each source the indicators that it feeds, in order of declaration.
using FedIndicators = std::map<std::string, std::vector<const model::Indicator*>, std::less<>>;
FedIndicators FedBySources(const center::Center& center);

/// Whether a source that stands so keeps its promise of freshness.
bool KeepsPromise(SourceState state);

/// Working time of a source, and how much of it the source kept its promise of freshness: it was
/// neither silent nor late, and not paused. Before it was first heard of nothing counts.
struct KeptTime {
  base::Duration kept{};
  base::Duration working{};
};
KeptTime ReadKeptTime(const View& view, const center::Source& source, base::Timestamp from);

}  // namespace fansipan::indicators
