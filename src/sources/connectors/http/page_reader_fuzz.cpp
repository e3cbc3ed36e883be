#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sources/connectors/http/page_reader.h"
#include "sources/connectors/http/pull_position.h"

// Any bytes as a page, as a Link header and as a position: no crash, and what decodes encodes
// again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fansipan::sources::PullPosition;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(fansipan::sources::ReadPage(
      bytes, {.records_at = "/items", .since_at = "/a~1b/c", .next_at = "/next"}));
  static_cast<void>(fansipan::sources::ReadScalar(bytes, "/meta/total", 64));
  static_cast<void>(fansipan::sources::NextLink(bytes));
  const PullPosition position = fansipan::sources::DecodePosition(std::string(bytes));
  const std::string text = fansipan::sources::Encode(position);
  if (fansipan::sources::Encode(fansipan::sources::DecodePosition(text)) != text) __builtin_trap();
  return 0;
}
