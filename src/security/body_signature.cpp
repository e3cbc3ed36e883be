#include "security/body_signature.h"

#include <sodium.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/hash.h"

namespace fansipan::security {
namespace {

constexpr std::string_view kAlgorithm = "sha256=";
constexpr std::size_t kDigits = 64;
constexpr std::size_t kMaxTimestamp = 12;

base::Error Refused(const char* reason, std::string message) {
  return {base::ErrorCode::kUnauthenticated, reason, std::move(message)};
}

std::optional<std::int64_t> SecondsOf(std::string_view text) {
  std::int64_t seconds = 0;
  if (text.empty() || text.size() > kMaxTimestamp || text[0] == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool HasLineFeed(std::string_view text) { return text.find('\n') != std::string_view::npos; }

}  // namespace

std::string BodySignature(std::string_view secret, const SignedBody& told) {
  crypto_auth_hmacsha256_state state{};
  crypto_auth_hmacsha256_init(&state, BytesOf(secret), secret.size());
  constexpr std::string_view kEnd = "\n";
  for (const std::string_view part :
       {told.purpose, kEnd, told.timestamp, kEnd, told.key, kEnd, told.body}) {
    crypto_auth_hmacsha256_update(&state, BytesOf(part), part.size());
  }
  base::Sha256Digest digest{};
  crypto_auth_hmacsha256_final(&state, digest.data());
  sodium_memzero(&state, sizeof(state));
  return base::ToHex(digest);
}

base::Result<base::Timestamp> CheckBodySignature(std::string_view secret, const SignedBody& told,
                                                 base::Timestamp now, base::Duration tolerance) {
  if (told.signature.empty() || told.timestamp.empty()) {
    return Refused("signature_missing",
                   "this source signs what it pushes; a signature and its timestamp are missing");
  }
  const auto seconds = SecondsOf(told.timestamp);
  std::string_view given = told.signature;
  const bool written = given.starts_with(kAlgorithm) &&
                       given.size() == kAlgorithm.size() + kDigits && seconds &&
                       !HasLineFeed(told.purpose) && !HasLineFeed(told.key) && !secret.empty();
  if (written) given.remove_prefix(kAlgorithm.size());
  const std::string right = BodySignature(secret, told);
  if (!written || right.size() != given.size() ||
      sodium_memcmp(right.data(), given.data(), right.size()) != 0) {
    return Refused("signature_wrong",
                   "the signature does not fit source, timestamp, idempotency key and body as they "
                   "came; check the secret, the text that is signed, and that nothing changes the "
                   "body on its way");
  }
  const base::Timestamp signed_at{std::chrono::seconds(*seconds)};
  if (signed_at < now - tolerance || signed_at > now + tolerance) {
    return Refused("signature_too_old",
                   "the signature's timestamp is too far from the time here; sign anew when "
                   "sending again, and check the source's clock");
  }
  return signed_at;
}

}  // namespace fansipan::security
