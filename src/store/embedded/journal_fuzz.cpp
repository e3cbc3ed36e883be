#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "store/embedded/internal/contract_encoding.h"
#include "store/embedded/internal/head_encoding.h"
#include "store/embedded/journal_encoding.h"

// What decodes must encode to the same bytes, and have the head that is found without its rows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  const auto contract = fansipan::store::internal::DecodeContract(payload);
  if (contract && fansipan::store::internal::EncodeContract(*contract) != payload) std::abort();
  const auto head = fansipan::store::internal::DecodeEntryHead(payload, 1);
  const auto entry = fansipan::store::DecodeEntry(payload, 1);
  if (!entry.ok()) return 0;
  if (!head.ok() || *head != fansipan::store::HeadOf(*entry)) std::abort();
  std::string encoded;
  const bool same = fansipan::store::EncodeEntry(*entry, encoded).ok() && encoded == payload;
  if (!same) std::abort();
  return 0;
}
