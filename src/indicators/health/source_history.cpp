#include "indicators/health/source_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "indicators/figures.h"
#include "indicators/health/contract_standing.h"

namespace fansipan::indicators {
namespace {

/// Makes spans of what was known from moment to moment: between two changes only the passing of
/// time can make a source silent.
class SpanBuilder {
 public:
  SpanBuilder(const center::Center& center, const center::Source& source)
      : source_(source), calendar_(center.FindCalendar(source.working_calendar)) {}

  /// What is known from `from` to `until`.
  void Add(const SourceKnowledge& known, base::Timestamp from, base::Timestamp until) {
    const SourceStanding standing = Judge(source_, calendar_, known, from);
    Append(standing, from);
    if (standing.state == SourceState::kSilent || !standing.expected_by) return;
    if (*standing.expected_by >= until) return;
    // By the end of the time it is silent, if anything of the rest was working time.
    const SourceStanding later = Judge(source_, calendar_, known, until);
    if (later.state == SourceState::kSilent) Append(later, std::max(*standing.expected_by, from));
  }

  std::vector<SourceSpan> Take(base::Timestamp end) {
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      spans_[i].until = i + 1 < spans_.size() ? spans_[i + 1].from : end;
    }
    return std::move(spans_);
  }

 private:
  void Append(const SourceStanding& standing, base::Timestamp from) {
    if (!spans_.empty() && spans_.back().state == standing.state) return;
    SourceSpan span{standing.state, from, from, {}, {}};
    if (auto why = WhyOf(standing)) {
      span.reason = std::move(why->reason);
      span.message = std::move(why->message);
    }
    spans_.push_back(std::move(span));
  }

  static std::optional<SourceTrouble> WhyOf(const SourceStanding& standing) {
    switch (standing.state) {
      case SourceState::kPaused:
        return standing.conditions.paused;
      case SourceState::kFailing:
        return *standing.trouble();
      case SourceState::kIncomplete:
        return IncompleteOf(standing.contract);
      case SourceState::kDrifting:
        return DriftOf(standing.contract);
      default:
        return std::nullopt;
    }
  }

  const center::Source& source_;
  const center::Calendar* calendar_;
  std::vector<SourceSpan> spans_;
};

bool IsGood(SourceState state) {
  return state == SourceState::kLive || state == SourceState::kNever;
}

}  // namespace

bool KeepsPromise(SourceState state) {
  return state == SourceState::kLive || state == SourceState::kFailing ||
         state == SourceState::kIncomplete || state == SourceState::kDrifting;
}

std::optional<base::Timestamp> SourceEvent::closed_at() const {
  return open ? std::nullopt : std::optional(steps.back().until);
}

std::vector<SourceSpan> ReadSourceSpans(const View& view, const center::Source& source,
                                        base::Timestamp from) {
  const base::Timestamp end = view.snapshot.tick;
  if (from >= end) return {};
  SpanBuilder builder(*view.center, source);
  SourceKnowledge known;
  base::Timestamp since = from;
  view.sources->Follow(source.name, from, end,
                       [&](base::Timestamp at, const SourceKnowledge& learnt) {
                         if (since < at) builder.Add(known, since, at);
                         known = learnt;
                         since = at;
                       });
  builder.Add(known, since, end);
  return builder.Take(end);
}

std::vector<SourceEvent> ReadSourceEvents(const View& view, const center::Source& source,
                                          base::Timestamp from) {
  std::vector<SourceSpan> spans = ReadSourceSpans(view, source, from - kEventLookBack);
  std::vector<SourceEvent> events;
  bool is_open = false;
  for (SourceSpan& span : spans) {
    const bool good = IsGood(span.state);
    if (!good && !is_open) events.push_back({&source, {}, false});
    if (!good) events.back().steps.push_back(std::move(span));
    is_open = !good;
  }
  if (is_open) events.back().open = true;
  std::erase_if(events, [&](const SourceEvent& event) {
    return !event.open && event.steps.back().until < from;
  });
  std::reverse(events.begin(), events.end());
  if (events.size() > kMaxSourceEvents) events.resize(kMaxSourceEvents);
  return events;
}

FedIndicators FedBySources(const center::Center& center) {
  FedIndicators fed;
  for (const center::Source& source : center.sources) fed[source.name];
  for (const model::Indicator& indicator : center.indicators) {
    for (const center::Source* source : SourcesOf(center, indicator)) {
      fed[source->name].push_back(&indicator);
    }
  }
  return fed;
}

KeptTime ReadKeptTime(const View& view, const center::Source& source, base::Timestamp from) {
  const center::Calendar* calendar = view.center->FindCalendar(source.working_calendar);
  KeptTime time;
  for (const SourceSpan& span : ReadSourceSpans(view, source, from)) {
    if (span.state == SourceState::kNever) continue;
    const base::Duration working = calendar == nullptr
                                       ? span.until - span.from
                                       : calendar->timetable.Between(span.from, span.until).value;
    time.working += working;
    if (KeepsPromise(span.state)) time.kept += working;
  }
  return time;
}

}  // namespace fansipan::indicators
