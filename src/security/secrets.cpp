#include "security/secrets.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "base/hash.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

constexpr char kForm = 1;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;

static_assert(SecretKey::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(SecretKey::kSize == crypto_auth_hmacsha256_KEYBYTES);
static_assert(SecretKey::kSize == crypto_auth_hmacsha256_BYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* MutableBytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

base::Error Unreadable(ErrorCode code, std::string_view why) {
  return {code, "",
          fmt::format("a stored secret cannot be opened: {}; check that the key file is the one it "
                      "was stored with",
                      why)};
}

}  // namespace

SecretKey SecretKey::Generate(base::RandomSource& random) {
  std::string bytes = random.Bytes(kSize);
  std::array<std::uint8_t, kSize> drawn{};
  std::copy(bytes.begin(), bytes.end(), drawn.begin());
  const SecretKey key(drawn);
  sodium_memzero(drawn.data(), drawn.size());
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

SecretKey::~SecretKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

SecretKey DeriveKey(const SecretKey& master, std::string_view purpose) {
  std::array<std::uint8_t, SecretKey::kSize> derived{};
  crypto_auth_hmacsha256(derived.data(), Bytes(purpose), purpose.size(), Bytes(master.bytes()));
  const SecretKey key(derived);
  sodium_memzero(derived.data(), derived.size());
  return key;
}

std::string Authenticate(const SecretKey& key, std::string_view message) {
  std::string code(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256(MutableBytes(code), Bytes(message), message.size(), Bytes(key.bytes()));
  return base::ToHex(code);
}

bool EqualInConstantTime(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string Encrypt(const SecretKey& key, std::string_view secret, std::string_view context,
                    base::RandomSource& random) {
  const std::string nonce = random.Bytes(kNonceSize);
  std::string cipher(secret.size() + kTagSize, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(MutableBytes(cipher), nullptr, Bytes(secret),
                                             secret.size(), Bytes(context), context.size(), nullptr,
                                             Bytes(nonce), Bytes(key.bytes()));
  return kForm + nonce + cipher;
}

base::Result<std::string> Decrypt(const SecretKey& key, std::string_view sealed,
                                  std::string_view context) {
  if (sealed.size() < 1 + kNonceSize + kTagSize) {
    return Unreadable(ErrorCode::kCorrupt, "it is cut off");
  }
  if (sealed.front() != kForm) {
    return Unreadable(ErrorCode::kUnsupported, "it was written by a newer release");
  }
  const std::string_view nonce = sealed.substr(1, kNonceSize);
  const std::string_view cipher = sealed.substr(1 + kNonceSize);
  std::string secret(cipher.size() - kTagSize, '\0');
  const int code = crypto_aead_xchacha20poly1305_ietf_decrypt(
      MutableBytes(secret), nullptr, nullptr, Bytes(cipher), cipher.size(), Bytes(context),
      context.size(), Bytes(nonce), Bytes(key.bytes()));
  if (code != 0) return Unreadable(ErrorCode::kCorrupt, "its bytes, key or place do not match");
  return secret;
}

std::string MakeToken(base::RandomSource& random) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string bytes = random.Bytes(SecretKey::kSize);
  std::string token(sodium_base64_ENCODED_LEN(SecretKey::kSize, kVariant), '\0');
  sodium_bin2base64(token.data(), token.size(), Bytes(bytes), bytes.size(), kVariant);
  sodium_memzero(bytes.data(), bytes.size());
  token.pop_back();  // the terminating zero
  return token;
}

std::string HashToken(std::string_view token) { return base::ToHex(base::Sha256(token)); }

}  // namespace fansipan::security
