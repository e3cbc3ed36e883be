#pragma once

#include <cstddef>
#include <cstdint>
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

/// What was known of a source over a span of time, copied out of a view: it is judged while the
/// engine goes on. The center must live as long.
struct SourcePast {
  const center::Source* source = nullptr;
  const center::Calendar* calendar = nullptr;  ///< null: every moment is working time
  base::Timestamp until;                       ///< the view's moment
  SourceEntries known;                         ///< from the span's beginning
};
/// Inside of Engine::Read; quick.
SourcePast CopyPast(const View& view, const center::Source& source, base::Timestamp from);

/// A time in which a source stood alike.
struct SourceSpan {
  SourceState state = SourceState::kNever;
  bool keeps_promise = false;  ///< of freshness
  base::Timestamp from;
  base::Timestamp until;  ///< of the last one: the view's moment
  std::string reason;     ///< as it began: of a pause, failure, refusal, broken contract
  std::string message;
  std::uint64_t left_out = 0;  ///< so many changes in it are no longer known
};

/// How the source stood over the span, without a gap. It follows from the journal and the center's
/// declarations alone, so that a restart changes nothing of it. Pure.
std::vector<SourceSpan> SpansOf(const SourcePast& past);

/// A time in which a source was not live: one event, whatever became of it meanwhile and however
/// many figures it feeds.
struct SourceEvent {
  const center::Source* source = nullptr;
  std::vector<SourceSpan> steps;  ///< at least one, each of another state than the one before
  bool open = false;              ///< at the view's moment
  /// So many between the oldest and the youngest steps are not told.
  std::uint64_t steps_left_out = 0;

  base::Timestamp opened_at() const { return steps.front().from; }
  std::optional<base::Timestamp> closed_at() const;
};

/// An event that began so long before a list of events is told from then on.
inline constexpr base::Duration kEventLookBack = std::chrono::hours(24 * 40);
/// Of one source; the youngest are told.
inline constexpr std::size_t kMaxSourceEvents = 200;
/// Of one event; the oldest and the youngest are told, half of each.
inline constexpr std::size_t kMaxEventSteps = 40;

/// Events of the source that were open at `from` or opened since, the youngest first. The past
/// should begin kEventLookBack before `from`.
std::vector<SourceEvent> EventsOf(const SourcePast& past, base::Timestamp from);

/// By the name of each source the indicators that it feeds, in order of declaration.
using FedIndicators = std::map<std::string, std::vector<const model::Indicator*>, std::less<>>;
FedIndicators FedBySources(const center::Center& center);

/// Whether a source that stands so keeps its promise of freshness: it was heard of, and is neither
/// silent nor late nor paused.
bool KeepsPromise(const SourceStanding& standing);

/// Working time of a source, and how much of it the source kept its promise of freshness. As long
/// as nothing was heard of it, and it had no trouble either, nothing counts.
struct KeptTime {
  base::Duration kept{};
  base::Duration working{};
};
/// `spans` are those of the past.
KeptTime KeptTimeOf(const SourcePast& past, const std::vector<SourceSpan>& spans);

}  // namespace fansipan::indicators
