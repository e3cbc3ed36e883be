// Feeds arbitrary bytes to the reader of a worker's result, as a taken-over worker could.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sources/internal/worker_result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fansipan::sources;
  internal::WorkerJob job;
  job.source.mappings = {{.dataset = "a"}, {.dataset = "b"}};
  job.targets = {{{.name = "x"}, {.name = "y"}}, {{.name = "x"}}};
  job.raw_rows = {1};
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto mapped = internal::ParseMappedResult(std::string(bytes), job);
  if (mapped.ok() && mapped->offsets.size() != mapped->counts.raw_rows) std::abort();
  const auto located = internal::ParseLocatedResult(bytes, job);
  if (located.ok() && located->size() != 1) std::abort();
  const auto dropped = internal::ParseDroppedResult(std::string(bytes));
  if (dropped.ok() && dropped->size() > size) std::abort();
  return 0;
}
