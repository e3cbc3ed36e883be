#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/fact_store.h"

namespace fansipan::store {

/// Facts in memory, found by looking at every row: for tests of other parts, and to compare engines
/// with. What it holds lives in `Kept`, so that a store can be opened again. Safe from any thread.
class FakeFactStore final : public FactStore {
 public:
  using Cells = std::map<std::pair<std::string, model::ColumnType>, model::Value>;
  struct Dataset {
    model::Dataset declared;  ///< without a declaration: the columns of the last entry alone
    bool known_to_center = false;
    std::vector<std::pair<model::Version, Cells>> versions;
  };
  struct Facts {
    std::map<std::string, Dataset> datasets;
    std::vector<model::Delivery> deliveries;
    std::vector<KeptQuarantine> quarantine;
    std::map<model::DeliveredRow, model::QuarantineDecision> decisions;  ///< the last of each row
    std::uint64_t applied = 0;
  };
  struct Kept {
    std::mutex mutex;
    Facts facts;
  };

  FakeFactStore() : FakeFactStore(std::make_shared<Kept>()) {}
  explicit FakeFactStore(std::shared_ptr<Kept> kept) : kept_(std::move(kept)) {}

  base::Status Declare(const std::vector<model::Dataset>& datasets,
                       std::uint64_t recorded_through = 0) override;
  base::Status Append(const std::vector<JournalEntry>& entries) override;
  base::Result<std::uint64_t> AppliedThrough() override;

  base::Result<RecordPage> PageRecords(const RecordQuery& query,
                                       const base::Patience& patience = {}) override;
  base::Result<std::vector<model::Version>> VersionsOfKey(
      const std::string& dataset, const model::Row& key, model::Sequence as_of,
      const base::Patience& patience = {}) override;
  base::Result<std::optional<model::Version>> FindVersion(
      model::Sequence sequence, const base::Patience& patience = {}) override;
  base::Result<std::vector<model::Version>> VersionsOfDelivery(
      model::Sequence delivery, const base::Patience& patience = {}) override;
  base::Result<std::vector<model::Delivery>> ListDeliveries(
      const DeliveryQuery& query, const base::Patience& patience = {}) override;
  base::Result<std::optional<model::Delivery>> FindDelivery(
      model::Sequence sequence, const base::Patience& patience = {}) override;
  base::Result<std::vector<KeptQuarantine>> ListQuarantine(
      const QuarantineQuery& query, const base::Patience& patience = {}) override;
  base::Result<std::vector<QuarantineGroup>> SummariseQuarantine(
      const QuarantineQuery& query, const base::Patience& patience = {}) override;

  /// How often ListQuarantine was asked.
  std::uint64_t quarantine_questions() const { return quarantine_questions_; }

 private:
  std::shared_ptr<Kept> kept_;
  std::atomic<std::uint64_t> quarantine_questions_ = 0;
};

}  // namespace fansipan::store
