#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/journal.h"

namespace fansipan::store {

/// A journal in memory that behaves like the real ones, for tests of whoever uses one. Entries pass
/// through the real encoding, so that what it refuses they refuse too. Safe from any thread.
class FakeJournal final : public Journal {
 public:
  /// What outlives a journal, so that a test can open it again.
  struct Kept {
    std::vector<std::string> payloads;
  };

  explicit FakeJournal(std::shared_ptr<Kept> kept = std::make_shared<Kept>());

  /// The next append gives `error` and does nothing else. A kIo with reason sync_failed is given by
  /// all that follow, too.
  void FailNextAppend(base::Error error);

  base::Status Append(const JournalEntry& entry) override;
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(JournalEntry)>& visit) override;
  JournalEnd End() const override;
  const JournalRecovery& recovery() const override { return recovery_; }

 private:
  const std::shared_ptr<Kept> kept_;
  JournalRecovery recovery_;
  mutable std::mutex mutex_;  // guards what follows, and what is kept
  JournalEnd end_;
  std::optional<base::Error> failure_;
};

}  // namespace fansipan::store
