#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/patience.h"
#include "base/result.h"
#include "center/center.h"
#include "store/fact_store.h"
#include "store/journal.h"

namespace fansipan::server {

/// The recorded entries up to an end, and behind them what a trial would record, which stays in
/// memory and ends with it. Reading it ends with the patience. Safe from any thread; one appends.
class TrialJournal final : public store::Journal {
 public:
  static constexpr std::uint64_t kMaxVersions = 5'000'000;

  TrialJournal(store::Journal& recorded, const store::JournalEnd& end, base::Patience patience)
      : recorded_(recorded), recorded_end_(end), patience_(std::move(patience)), end_(end) {}

  /// kTooLarge trial_too_large: more than kMaxVersions in all.
  base::Status Append(const store::JournalEntry& entry) override;
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(store::JournalEntry)>& visit) override;
  base::Status ReadHeads(
      std::uint64_t first,
      const std::function<base::Status(const store::JournalHead&)>& visit) override;
  store::JournalEnd End() const override;
  const store::JournalRecovery& recovery() const override { return recorded_.recovery(); }

 private:
  std::vector<std::shared_ptr<const store::JournalEntry>> AppendedFrom(std::uint64_t first) const;

  store::Journal& recorded_;
  const store::JournalEnd recorded_end_;
  const base::Patience patience_;
  mutable std::mutex mutex_;  ///< guards what follows
  store::JournalEnd end_;
  std::uint64_t versions_ = 0;
  std::vector<std::shared_ptr<const store::JournalEntry>> appended_;
};

/// The facts recorded up to a sequence, told in the columns of another center. Nothing is written.
class TrialFacts final : public store::FactStore {
 public:
  TrialFacts(store::FactStore& recorded, std::shared_ptr<const center::Center> running,
             std::shared_ptr<const center::Center> next, model::Sequence end)
      : recorded_(recorded), running_(std::move(running)), next_(std::move(next)), end_(end) {}

  base::Status Declare(const std::vector<model::Dataset>&, std::uint64_t) override { return {}; }
  base::Status Append(const std::vector<store::JournalEntry>& entries) override;
  base::Result<std::uint64_t> AppliedThrough() override { return recorded_.AppliedThrough(); }
  base::Result<store::RecordPage> PageRecords(const store::RecordQuery& query,
                                              const base::Patience& patience) override {
    return recorded_.PageRecords(query, patience);
  }
  base::Result<std::vector<model::Version>> VersionsOfKey(const std::string& dataset,
                                                          const model::Row& key,
                                                          model::Sequence as_of,
                                                          const base::Patience& patience) override {
    return recorded_.VersionsOfKey(dataset, key, as_of, patience);
  }
  base::Result<std::optional<model::Version>> FindVersion(model::Sequence sequence,
                                                          const base::Patience& patience) override {
    return recorded_.FindVersion(sequence, patience);
  }
  /// Those of datasets that the next center has.
  base::Result<std::vector<model::Version>> VersionsOfDelivery(
      model::Sequence delivery, const base::Patience& patience) override;
  base::Result<std::vector<model::Delivery>> ListDeliveries(
      const store::DeliveryQuery& query, const base::Patience& patience) override {
    return recorded_.ListDeliveries(query, patience);
  }
  base::Result<std::optional<model::Delivery>> FindDelivery(
      model::Sequence sequence, const base::Patience& patience) override {
    return recorded_.FindDelivery(sequence, patience);
  }
  base::Result<std::vector<store::KeptQuarantine>> ListQuarantine(
      const store::QuarantineQuery& query, const base::Patience& patience) override {
    return recorded_.ListQuarantine(query, patience);
  }
  base::Result<std::vector<store::QuarantineGroup>> SummariseQuarantine(
      const store::QuarantineQuery& query, const base::Patience& patience) override {
    return recorded_.SummariseQuarantine(query, patience);
  }

 private:
  store::FactStore& recorded_;
  const std::shared_ptr<const center::Center> running_;
  const std::shared_ptr<const center::Center> next_;
  const model::Sequence end_;
};

}  // namespace fansipan::server
