// Feeds arbitrary bytes to the reading of a request's target; what is read must be read the same
// again when it is written.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/target.h"

namespace {

using namespace fansipan::http;

std::string Written(const Target& target) {
  std::string text;
  for (const std::string& segment : target.segments) text += "/" + EncodeComponent(segment);
  if (text.empty()) text = "/";
  char separator = '?';
  for (const auto& [name, value] : target.query) {
    text += separator + EncodeComponent(name) + "=" + EncodeComponent(value);
    separator = '&';
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target = ParseTarget({reinterpret_cast<const char*>(data), size});
  if (!target.ok()) return 0;
  for (const std::string& segment : target->segments) {
    if (segment == ".." || segment.find('/') != std::string::npos) std::abort();
  }
  const auto again = ParseTarget(Written(*target));
  if (!again.ok() || again->segments != target->segments || again->query != target->query) {
    std::abort();
  }
  return 0;
}
