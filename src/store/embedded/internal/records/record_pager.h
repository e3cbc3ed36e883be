#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/embedded/internal/records/displaced_versions.h"
#include "store/fact_store.h"

namespace fansipan::store::internal {

/// Reads one page of the records that are current as of a sequence. Problem: a dataset has tens of
/// millions of versions, most of them displaced; finding the current ones of all first takes
/// seconds. So it goes back from the newest, range by range, takes those that the query asks for
/// and that nothing has displaced, and stops when the page is full. Used once; one at a time, for
/// all connections ask the same `in_use`.
class RecordPager {
 public:
  struct Parts {
    DuckDbConnection& connection;
    const FactCatalogue& catalogue;
    DisplacedVersions& displaced;
    DisplacedInUse& in_use;
  };
  RecordPager(const Parts& parts, const RecordQuery& query, const PhysicalDataset& dataset)
      : parts_(parts), query_(query), dataset_(dataset) {}

  base::Result<RecordPage> Read();

 private:
  base::Status Begin();
  base::Status ReadRanges();

  const Parts parts_;
  const RecordQuery& query_;
  const PhysicalDataset& dataset_;
  RecordPage page_;
  std::uint64_t before_ = 0;  ///< versions from here on have been looked at
};

}  // namespace fansipan::store::internal
