#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "store/embedded/journal_encoding.h"

// What decodes must encode to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  const auto entry = fansipan::store::DecodeEntry(payload, 1);
  if (!entry.ok()) return 0;
  std::string encoded;
  const bool same = fansipan::store::EncodeEntry(*entry, encoded).ok() && encoded == payload;
  if (!same) std::abort();
  return 0;
}
