#include "base/hash.h"

#include <openssl/sha.h>

#include <cstddef>

namespace fansipan::base {

Sha256Digest Sha256(std::string_view bytes) {
  Sha256Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0FU];
  }
  return text;
}

std::string ToHex(const Sha256Digest& digest) {
  return ToHex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

Fingerprint FingerprintOf(std::string_view bytes) {
  const Sha256Digest digest = Sha256(bytes);
  Fingerprint fingerprint;
  for (std::size_t i = 0; i < 8; ++i) {
    fingerprint.high = fingerprint.high << 8U | digest[i];
    fingerprint.low = fingerprint.low << 8U | digest[i + 8];
  }
  return fingerprint;
}

}  // namespace fansipan::base
