#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "territory/name_form.h"
#include "territory/origin_text.h"

// No text may break the reader, and none of its mentions may be empty: an empty one means nothing,
// and would be lost without a word.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = fansipan::territory::ParseOrigin(text);
  if (statement.unchanged && !statement.mentions.empty()) std::abort();
  for (const auto& mention : statement.mentions) {
    if (mention.text.empty()) std::abort();
    const auto form = fansipan::territory::FormOfName(mention.text);
    if (form.plain.size() > 4 * mention.text.size() + 16) std::abort();
  }
  return 0;
}
