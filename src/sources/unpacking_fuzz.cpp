// Feeds arbitrary bytes to each content coding; what comes out must stay within the limit.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sources/unpacking.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 4> kEncodings = {"identity", "gzip", "deflate", "zstd"};
  constexpr std::uint64_t kLimit = 1U << 20U;
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto unpacked = fansipan::sources::Unpack(body, kEncodings[data[0] % 4], kLimit);
  if (unpacked.ok() && unpacked->size() > kLimit) std::abort();
  return 0;
}
