#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/embedded/internal/table_writer.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// Writes entries into the tables inside the connection's open transaction. Every column that the
/// entries name must be in the catalogue already.
class EntryWriter {
 public:
  static base::Status CreateTables(DuckDbConnection& connection);
  /// The table of decisions alone, which is part of the above.
  static base::Status CreateDecisions(DuckDbConnection& connection);

  EntryWriter(DuckDbConnection& connection, const FactCatalogue& catalogue,
              std::uint64_t next_quarantine)
      : connection_(connection), catalogue_(catalogue), next_quarantine_(next_quarantine) {}

  base::Status Write(const JournalEntry& entry);
  base::Status Finish();
  /// Drops everything that waits to be written. To be called inside the transaction.
  void Abandon();
  std::uint64_t next_quarantine() const { return next_quarantine_; }

 private:
  /// Where the values of an entry's versions go: for each physical column the index in the entry.
  struct Target {
    const PhysicalDataset* dataset = nullptr;
    std::size_t width = 0;
    std::vector<std::optional<std::size_t>> sources;
    std::vector<std::size_t> key;
    std::optional<std::size_t> order;
  };

  base::Result<Target> TargetOf(const DatasetColumns& columns) const;
  base::Result<TableWriter*> WriterOf(const PhysicalDataset& dataset);
  base::Status WriteVersion(const JournalEntry& entry, const model::Version& version,
                            const Target& target);
  base::Status WriteDelivery(const model::Delivery& delivery);
  static base::Status WriteDeliveryNotes(const model::Delivery& delivery, TableWriter& writer);
  base::Status WriteQuarantine(const CommittedDelivery& committed);
  base::Status WriteDecision(const model::QuarantineDecision& decision);
  base::Status Resolve(model::Sequence original, model::Sequence replay);

  DuckDbConnection& connection_;
  const FactCatalogue& catalogue_;
  std::uint64_t next_quarantine_;
  std::map<std::uint64_t, TableWriter> versions_;
  std::optional<TableWriter> deliveries_;
  std::optional<TableWriter> quarantine_;
  std::optional<TableWriter> decisions_;
};

}  // namespace fansipan::store::internal
