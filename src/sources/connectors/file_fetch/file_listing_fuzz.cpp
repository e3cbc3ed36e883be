#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sources/connectors/file_fetch/fetch_position.h"
#include "sources/connectors/file_fetch/file_listing.h"

// Any bytes as a list of files and as a position: no crash, and what decodes encodes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fansipan::sources::DecodeFetchPosition;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto files = fansipan::sources::ParseListing(text, fansipan::base::Timestamp());
  if (files.ok()) {
    for (const auto& file : *files) {
      if (file.name.empty() || file.name[0] == '.') __builtin_trap();
      static_cast<void>(fansipan::sources::IsUsableName(file.name));
    }
  }
  const std::string once = Encode(DecodeFetchPosition(text, "place"));
  if (Encode(DecodeFetchPosition(once, "place")) != once) __builtin_trap();
  return 0;
}
