#include "store/journal.h"

#include <algorithm>

namespace fansipan::store {

model::Sequence JournalEntry::LastSequence() const {
  model::Sequence last;
  for (const CommittedDelivery& committed : deliveries) {
    last = std::max(last, committed.delivery.sequence);
    for (const model::Version& version : committed.versions)
      last = std::max(last, version.sequence);
  }
  for (const CenterChange& center : centers) last = std::max(last, center.sequence);
  for (const LifeSign& sign : life_signs) last = std::max(last, sign.sequence);
  for (const SourceNote& note : notes) last = std::max(last, note.sequence);
  for (const auto& decision : decisions) last = std::max(last, decision.sequence);
  return last;
}

std::optional<model::Sequence> JournalEntry::FirstSequence() const {
  std::optional<model::Sequence> first;
  const auto take = [&first](model::Sequence sequence) {
    first = first ? std::min(*first, sequence) : sequence;
  };
  for (const CommittedDelivery& committed : deliveries) {
    take(committed.delivery.sequence);
    for (const model::Version& version : committed.versions) take(version.sequence);
  }
  for (const CenterChange& center : centers) take(center.sequence);
  for (const LifeSign& sign : life_signs) take(sign.sequence);
  for (const SourceNote& note : notes) take(note.sequence);
  for (const auto& decision : decisions) take(decision.sequence);
  return first;
}

std::string_view NameOf(SourceCondition condition) {
  switch (condition) {
    case SourceCondition::kPaused:
      return "paused";
    case SourceCondition::kFailing:
      return "failing";
  }
  return "paused";
}

JournalHead HeadOf(const JournalEntry& entry) {
  JournalHead head;
  head.number = entry.number;
  head.recorded_at = entry.recorded_at;
  head.last_sequence = entry.LastSequence();
  head.deliveries.reserve(entry.deliveries.size());
  for (const CommittedDelivery& committed : entry.deliveries) {
    head.deliveries.push_back(committed.delivery);
  }
  head.centers = entry.centers;
  head.life_signs = entry.life_signs;
  head.positions = entry.positions;
  head.notes = entry.notes;
  head.decisions = entry.decisions;
  return head;
}

base::Status CheckFollows(const JournalEntry& entry, const JournalEnd& end) {
  const auto conflict = [&entry](std::string_view reason, std::string_view what) -> base::Status {
    return base::Error{base::ErrorCode::kConflict, std::string(reason),
                       "journal entry " + std::to_string(entry.number) + " does not follow: " +
                           std::string(what) + "; append entries in order from one thread"};
  };
  if (entry.number != end.number + 1) {
    return conflict("number", "the next number is " + std::to_string(end.number + 1));
  }
  if (end.number > 0 && entry.recorded_at < end.recorded_at) {
    return conflict("recorded_at", "it was recorded before the entry it follows");
  }
  const std::optional<model::Sequence> first = entry.FirstSequence();
  if (first && *first <= end.sequence) {
    return conflict("sequence", "sequence " + std::to_string(first->value) +
                                    " is not above the journal's last, " +
                                    std::to_string(end.sequence.value));
  }
  return {};
}

base::Status Journal::ReadHeads(std::uint64_t first,
                                const std::function<base::Status(const JournalHead&)>& visit) {
  return Read(first, [&visit](const JournalEntry& entry) { return visit(HeadOf(entry)); });
}

base::Result<JournalScrub> Journal::Scrub(const std::stop_token&) { return JournalScrub{}; }

}  // namespace fansipan::store
