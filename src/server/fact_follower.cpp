#include "server/fact_follower.h"

#include <utility>
#include <vector>

#include "base/log.h"
#include "base/thread_name.h"
#include "base/thread_priority.h"
#include "store/journal_reading.h"

namespace fansipan::server {
namespace {

constexpr std::size_t kBatchVersions = 100'000;
constexpr std::chrono::seconds kRetry{2};

}  // namespace

FactFollower::FactFollower(store::Journal& journal, store::FactStore& facts,
                           base::MetricsRegistry& metrics)
    : journal_(journal),
      facts_(facts),
      behind_(metrics.GetGauge("fansipan_facts_behind_entries",
                               "Journal entries that the fact store does not hold yet")),
      append_seconds_(metrics.GetHistogram("fansipan_stage_seconds", "Time a stage of intake takes",
                                           {{"stage", "facts"}})) {}

FactFollower::~FactFollower() { Stop(); }

base::Status FactFollower::Start() {
  FANSIPAN_ASSIGN_OR_RETURN(applied_number_, facts_.AppliedThrough());
  if (applied_number_ > journal_.End().number) {
    return base::Error{base::ErrorCode::kCorrupt, "facts_ahead",
                       "the fact store holds entries that the journal does not; they belong to "
                       "different centers or the journal was replaced"};
  }
  thread_ = std::thread([this] { Run(); });
  return {};
}

void FactFollower::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  advanced_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FactFollower::Wake() {
  {
    const std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_all();
}

base::Status FactFollower::WaitFor(model::Sequence sequence, const base::Patience& patience) {
  std::unique_lock lock(mutex_);
  if (applied_sequence_ >= sequence) return {};
  wake_ = asked_ = true;
  woken_.notify_all();
  advanced_.wait_until(lock, patience.gone(), patience.AtMost(kLongestWait).deadline(),
                       [&] { return stop_ || applied_sequence_ >= sequence; });
  if (applied_sequence_ >= sequence) return {};
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  return base::Error{base::ErrorCode::kUnavailable, "facts_behind",
                     "the fact store is still taking in records" +
                         (last_failure_.empty() ? "" : " (" + last_failure_ + ")") +
                         "; ask again in a moment"};
}

void FactFollower::Run() {
  base::NameThread("fact-follower");
  base::LowerThread(base::Priority::kBackground);
  std::unique_lock lock(mutex_);
  while (!stop_) {
    woken_.wait(lock, [&] { return wake_ || stop_; });
    // A commit of the store costs the same for one delivery as for many: let some gather.
    woken_.wait_for(lock, kGather, [&] { return asked_ || stop_; });
    if (stop_) return;
    wake_ = asked_ = false;
    lock.unlock();
    auto status = CatchUp();
    if (status.ok()) status = facts_.Prepare();
    lock.lock();
    last_failure_ = status.ok() ? "" : status.error().message;
    if (status.ok()) continue;
    base::LogError("the fact store cannot follow the journal, trying again: {}", last_failure_);
    woken_.wait_for(lock, kRetry, [&] { return stop_; });
    wake_ = true;
  }
}

base::Status FactFollower::CatchUp() {
  while (applied_number_ < journal_.End().number) {
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return {};
    }
    FANSIPAN_RETURN_IF_ERROR(AppendBatch(applied_number_ + 1));
    behind_.Set(static_cast<double>(journal_.End().number - applied_number_));
  }
  const store::JournalEnd end = journal_.End();
  const std::lock_guard lock(mutex_);
  // Nothing is left: what the journal ended with when the loop looked is in.
  if (applied_number_ == end.number) applied_sequence_ = end.sequence;
  advanced_.notify_all();
  return {};
}

base::Status FactFollower::AppendBatch(std::uint64_t first) {
  std::vector<store::JournalEntry> batch;
  std::size_t versions = 0;
  const auto read = journal_.Read(first, [&](store::JournalEntry entry) -> base::Status {
    for (const auto& committed : entry.deliveries) versions += committed.versions.size();
    batch.push_back(std::move(entry));
    if (versions >= kBatchVersions) return store::Enough();
    return {};
  });
  FANSIPAN_RETURN_IF_ERROR(store::UnlessEnough(read));
  if (batch.empty()) {
    return base::Error{base::ErrorCode::kUnavailable, "journal_behind",
                       "the journal does not give the entries that it says it holds"};
  }
  {
    const base::ScopedTimer timer(append_seconds_);
    FANSIPAN_RETURN_IF_ERROR(facts_.Append(batch));
  }
  const std::lock_guard lock(mutex_);
  applied_number_ = batch.back().number;
  applied_sequence_ = std::max(applied_sequence_, batch.back().LastSequence());
  advanced_.notify_all();
  return {};
}

}  // namespace fansipan::server
