#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "store/fact_store.h"

namespace fansipan::store {

struct DuckDbFactStoreOptions {
  std::string folder;                           ///< made when missing; nothing else may be in it
  std::uint64_t memory_bytes = 512ULL << 20U;   ///< of the engine, for all reads together
  std::uint64_t temporary_bytes = 4ULL << 30U;  ///< below the folder, for large reads
  std::chrono::milliseconds read_deadline{10'000};  ///< of reads that state none
};

/// Facts in one DuckDB file: a table per dataset with a physical column per declared name and type,
/// and tables of deliveries and quarantine. The engine reaches no other file, loads no extension
/// and refuses to change its settings. Every read has a connection of its own and sees one entry's
/// end.
///
/// Writes (Declare, Append) wait for each other; reads come from any thread beside them. Everything
/// in the file can be rebuilt from the journal: after kCorrupt, remove the folder and append anew.
class DuckDbFactStore final : public FactStore {
 public:
  static constexpr std::uint64_t kFormat = 5;

  /// kConflict: another process has the file open. kCorrupt: the file is damaged. kUnsupported: a
  /// newer program wrote it.
  static base::Result<std::unique_ptr<DuckDbFactStore>> Open(const DuckDbFactStoreOptions& options,
                                                             base::FileSystem& files);
  ~DuckDbFactStore() override;

  base::Status Declare(const std::vector<model::Dataset>& datasets,
                       std::uint64_t recorded_through = 0) override;
  base::Status Append(const std::vector<JournalEntry>& entries) override;
  base::Result<std::uint64_t> AppliedThrough() override;
  base::Status Prepare() override;

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

 private:
  class Engine;
  explicit DuckDbFactStore(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;
};

}  // namespace fansipan::store
