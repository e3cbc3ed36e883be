// Feeds arbitrary bytes to the check of a pushed body's signature: five parts with NUL between
// them. Nothing but the right signature may be taken.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "security/body_signature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fansipan;  // NOLINT(google-build-using-namespace)
  constexpr std::string_view kSecret = "Jefe";
  constexpr base::Timestamp kNow{std::chrono::seconds(1'767'225'600)};
  constexpr std::chrono::minutes kTolerance(5);
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::array<std::string_view, 4> parts;
  for (std::string_view& part : parts) {
    part = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  security::SignedBody told{.purpose = parts[3],
                            .signature = parts[0],
                            .timestamp = parts[1],
                            .key = parts[2],
                            .body = rest};
  const std::string right = "sha256=" + security::BodySignature(kSecret, told);
  const auto given = security::CheckBodySignature(kSecret, told, kNow, kTolerance);
  if (given.ok() && told.signature != right) std::abort();
  // With the right one, the timestamp alone decides.
  told.signature = right;
  const auto mended = security::CheckBodySignature(kSecret, told, kNow, kTolerance);
  if (mended.ok() && told.timestamp.find("17672") == std::string_view::npos) std::abort();
  return 0;
}
