#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/checksum.h"
#include "store/embedded/internal/bytes.h"
#include "store/embedded/internal/head_encoding.h"
#include "store/embedded/internal/segment_summary.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// The right checksum stands behind any bytes. What decodes must encode to the same bytes, the heads
// in it likewise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fansipan::store;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  internal::ByteWriter(bytes).Fixed32(fansipan::base::Crc32c(bytes));
  const auto summary = internal::DecodeSummary(bytes);
  if (!summary.ok()) return 0;
  Require(internal::EncodeSummary(*summary) == bytes);
  internal::HeadCursor heads({summary->segment.first_number, summary->heads});
  internal::HeadList again;
  std::uint64_t count = 0;
  while (const auto head = heads.Next()) {
    again.Add(*head);
    ++count;
  }
  Require(count <= summary->segment.entries);
  Require(summary->heads.starts_with(again.Join()));
  return 0;
}
