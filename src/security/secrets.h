#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace fansipan::security {

/// 256 bits that must not be known. Overwritten when they go; never printed.
class SecretKey {
 public:
  static constexpr std::size_t kSize = 32;

  /// From the center's key file (store/embedded/key_file.h), which refuses placeholders.
  explicit SecretKey(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  static SecretKey Generate(base::RandomSource& random);

  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  std::array<std::uint8_t, kSize> bytes_;
};

/// The key for one purpose ("archive", "csrf"); keys of two purposes tell nothing of each other nor
/// of `master`.
SecretKey DeriveKey(const SecretKey& master, std::string_view purpose);

/// HMAC-SHA-256 in lower-case hexadecimal.
std::string Authenticate(const SecretKey& key, std::string_view message);

/// Compares in a time that depends on the lengths alone.
bool EqualInConstantTime(std::string_view left, std::string_view right);

/// XChaCha20-Poly1305. `context` says what the secret belongs to ("totp:42") and is bound to it: a
/// value moved elsewhere does not open. Form: 0x01, nonce (24 bytes), ciphertext, tag (16 bytes).
std::string Encrypt(const SecretKey& key, std::string_view secret, std::string_view context,
                    base::RandomSource& random);
/// kCorrupt when a bit, the key or the context differs; kUnsupported for a newer form.
base::Result<std::string> Decrypt(const SecretKey& key, std::string_view sealed,
                                  std::string_view context);

/// 256 random bits as 43 characters of base64url, fit for links, cookies and headers.
std::string MakeToken(base::RandomSource& random);
/// What is kept of a token: its SHA-256 in lower-case hexadecimal.
std::string HashToken(std::string_view token);

}  // namespace fansipan::security
