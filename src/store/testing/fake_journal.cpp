#include "store/testing/fake_journal.h"

#include <algorithm>
#include <utility>

#include "store/embedded/journal_encoding.h"

namespace fansipan::store {

FakeJournal::FakeJournal(std::shared_ptr<Kept> kept) : kept_(std::move(kept)) {
  for (const std::string& payload : kept_->payloads) {
    ++end_.number;
    const base::Result<JournalEntry> entry = DecodeEntry(payload, end_.number);
    end_.sequence = std::max(end_.sequence, entry.value().LastSequence());
    end_.recorded_at = entry.value().recorded_at;
  }
  recovery_.entries = end_.number;
}

void FakeJournal::FailNextAppend(base::Error error) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
}

base::Status FakeJournal::Append(const JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (failure_) {
    base::Error error = *failure_;
    if (error.reason != "sync_failed") failure_.reset();
    return error;
  }
  FANSIPAN_RETURN_IF_ERROR(CheckFollows(entry, end_));
  std::string payload;
  FANSIPAN_RETURN_IF_ERROR(EncodeEntry(entry, payload));
  kept_->payloads.push_back(std::move(payload));
  end_ = JournalEnd{.number = entry.number,
                    .sequence = std::max(end_.sequence, entry.LastSequence()),
                    .recorded_at = entry.recorded_at};
  return {};
}

base::Status FakeJournal::Read(std::uint64_t first,
                               const std::function<base::Status(JournalEntry)>& visit) {
  const std::uint64_t last = End().number;
  for (std::uint64_t number = std::max<std::uint64_t>(first, 1); number <= last; ++number) {
    std::string payload;
    {
      const std::lock_guard lock(mutex_);
      payload = kept_->payloads[static_cast<std::size_t>(number - 1)];
    }
    FANSIPAN_ASSIGN_OR_RETURN(JournalEntry entry, DecodeEntry(payload, number));
    FANSIPAN_RETURN_IF_ERROR(visit(std::move(entry)));
  }
  return {};
}

JournalEnd FakeJournal::End() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

}  // namespace fansipan::store
