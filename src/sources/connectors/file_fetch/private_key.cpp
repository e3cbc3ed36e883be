#include "sources/connectors/file_fetch/private_key.h"

#include <cstdint>

namespace fansipan::sources {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBegin = "-----BEGIN ";

}  // namespace

base::Result<std::string> DecodePrivateKey(std::string_view kept, const std::string& name) {
  while (kept.ends_with('=')) kept.remove_suffix(1);
  std::string key;
  std::uint32_t bits = 0;
  unsigned held = 0;
  bool sound = true;
  for (const char letter : kept) {
    const std::size_t value = kLetters.find(letter);
    sound = sound && value != std::string_view::npos;
    bits = bits << 6U | static_cast<std::uint32_t>(value & 0x3FU);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    key.push_back(static_cast<char>(bits >> held & 0xFFU));
  }
  if (sound && key.starts_with(kBegin) && key.find("ENCRYPTED") == std::string::npos) return key;
  return base::Error{base::ErrorCode::kUnavailable, "key_unreadable",
                     "the secret '" + name +
                         "' is no private key in base64, or has a passphrase; an administrator "
                         "sets it with 'base64 -w0 KEYFILE | fansipan secret set " +
                         name + "'"};
}

}  // namespace fansipan::sources
