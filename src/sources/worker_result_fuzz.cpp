// Feeds arbitrary bytes to the reader of a worker's result, as a taken-over worker could.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "center/source_contract.h"
#include "sources/contract/column_profiler.h"
#include "sources/contract/schema_comparison.h"
#include "sources/internal/worker_result.h"

namespace {

using namespace fansipan;
using sources::internal::WorkerJob;

WorkerJob Job() {
  WorkerJob job;
  job.source.mappings = {{.dataset = "a"}, {.dataset = "b"}};
  job.targets = {{{.name = "x"}, {.name = "y"}}, {{.name = "x"}}};
  job.raw_rows = {1};
  return job;
}

/// The same of a source that tells totals.
WorkerJob ToldJob() {
  WorkerJob job = Job();
  center::SourceContract contract;
  center::ControlTotals& totals = contract.control_totals.emplace();
  totals.rows.emplace();
  totals.sums = {{"a", "x", {}}};
  totals.keys_dataset = "a";
  totals.keys_at = "/keys";
  job.source.contract = std::make_shared<const center::SourceContract>(contract);
  return job;
}

/// What is believed is compared with what was known, in numbers that do not wrap around.
void Compare(const std::vector<model::ColumnProfile>& profile) {
  for (const model::ColumnProfile& column : profile) {
    const bool sound =
        column.empty <= column.cells && column.name.size() <= sources::kMaxProfiledName;
    if (!sound) std::abort();
  }
  const std::vector<model::ColumnProfile> known = {{"x", 100, 10, 80, 5, 5, 6, 3000}};
  static_cast<void>(sources::CompareColumns(known, profile, {"x"}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fansipan::sources;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const WorkerJob& job : {Job(), ToldJob()}) {
    const auto mapped = internal::ParseMappedResult(std::string(bytes), job);
    if (mapped.ok() && mapped->offsets.size() != mapped->counts.raw_rows) std::abort();
    if (mapped.ok()) Compare(mapped->profile);
  }
  Compare(internal::ParseFailedProfile(bytes));
  const auto located = internal::ParseLocatedResult(bytes, Job());
  if (located.ok() && located->size() != 1) std::abort();
  const auto dropped = internal::ParseDroppedResult(std::string(bytes));
  if (dropped.ok() && dropped->size() > size) std::abort();
  return 0;
}
