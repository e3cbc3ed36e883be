#include "indicators/health/source_history.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "indicators/figures.h"
#include "indicators/health/contract_standing.h"

namespace fansipan::indicators {
namespace {

/// Makes spans of what was known from moment to moment: between two changes only the passing of
/// time can make a source silent.
class SpanBuilder {
 public:
  explicit SpanBuilder(const SourcePast& past) : source_(*past.source), calendar_(past.calendar) {}

  /// What is known from `from` to `until`; so many changes right before `from` are not.
  void Add(const SourceKnowledge& known, base::Timestamp from, base::Timestamp until,
           std::uint64_t left_out) {
    if (!spans_.empty()) spans_.back().left_out += left_out;
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
    const bool keeps_promise = KeepsPromise(standing);
    const bool is_alike = !spans_.empty() && spans_.back().state == standing.state &&
                          spans_.back().keeps_promise == keeps_promise;
    if (is_alike) return;
    SourceSpan span{standing.state, keeps_promise, from, from, {}, {}, 0};
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

/// One step of a state, also where the promise was kept for a part of it only.
void AddStep(SourceSpan span, SourceEvent& event) {
  event.steps_left_out += span.left_out;
  if (!event.steps.empty() && event.steps.back().state == span.state) {
    event.steps.back().until = span.until;
  } else {
    event.steps.push_back(std::move(span));
  }
}

void LeaveOutSteps(SourceEvent& event) {
  constexpr auto kHalf = static_cast<std::ptrdiff_t>(kMaxEventSteps / 2);
  if (event.steps.size() <= kMaxEventSteps) return;
  event.steps_left_out += event.steps.size() - kMaxEventSteps;
  event.steps.erase(event.steps.begin() + kHalf, event.steps.end() - kHalf);
}

}  // namespace

bool KeepsPromise(const SourceStanding& standing) {
  if (!standing.facts.last_sign_of_life || standing.is_late) return false;
  return standing.state == SourceState::kLive || standing.state == SourceState::kFailing ||
         standing.state == SourceState::kIncomplete || standing.state == SourceState::kDrifting;
}

std::optional<base::Timestamp> SourceEvent::closed_at() const {
  return open ? std::nullopt : std::optional(steps.back().until);
}

SourcePast CopyPast(const View& view, const center::Source& source, base::Timestamp from) {
  const base::Timestamp until = view.snapshot.tick;
  return {&source, view.center->FindCalendar(source.working_calendar), until,
          view.sources->EntriesOf(source.name, from, until)};
}

std::vector<SourceSpan> SpansOf(const SourcePast& past) {
  if (past.known.from >= past.until) return {};
  SpanBuilder builder(past);
  SourceKnowledge known;
  base::Timestamp since = past.known.from;
  std::uint64_t left_out = 0;
  past.known.Follow([&](base::Timestamp at, const SourceKnowledge& learnt, std::uint64_t unknown) {
    if (since < at) {
      builder.Add(known, since, at, left_out);
      left_out = 0;
    }
    known = learnt;
    since = at;
    left_out += unknown;
  });
  builder.Add(known, since, past.until, left_out);
  return builder.Take(past.until);
}

std::vector<SourceEvent> EventsOf(const SourcePast& past, base::Timestamp from) {
  std::vector<SourceEvent> events;
  bool is_open = false;
  for (SourceSpan& span : SpansOf(past)) {
    const bool good = IsGood(span.state);
    if (!good && !is_open) events.push_back({past.source, {}, false, 0});
    if (!good) AddStep(std::move(span), events.back());
    is_open = !good;
  }
  if (is_open) events.back().open = true;
  std::erase_if(events, [&](const SourceEvent& event) {
    return !event.open && event.steps.back().until < from;
  });
  std::reverse(events.begin(), events.end());
  if (events.size() > kMaxSourceEvents) events.resize(kMaxSourceEvents);
  for (SourceEvent& event : events) LeaveOutSteps(event);
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

KeptTime KeptTimeOf(const SourcePast& past, const std::vector<SourceSpan>& spans) {
  KeptTime time;
  for (const SourceSpan& span : spans) {
    if (span.state == SourceState::kNever) continue;
    const base::Duration working =
        past.calendar == nullptr ? span.until - span.from
                                 : past.calendar->timetable.Between(span.from, span.until).value;
    time.working += working;
    if (span.keeps_promise) time.kept += working;
  }
  return time;
}

}  // namespace fansipan::indicators
