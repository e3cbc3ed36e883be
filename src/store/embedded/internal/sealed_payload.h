#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/result.h"
#include "store/embedded/key_file.h"

namespace fansipan::store::internal {

inline constexpr std::uint32_t kArchiveFormat = 1;
inline constexpr std::size_t kKeyIdBytes = 8;
inline constexpr std::size_t kArchiveHeaderBytes = 64;

/// The keys derived from a center's secret; wiped when destroyed.
class ArchiveKeys {
 public:
  /// kInternal when the cryptographic library cannot start.
  static base::Result<ArchiveKeys> Derive(const SecretKey& secret);
  ArchiveKeys(const ArchiveKeys&) = default;
  ArchiveKeys& operator=(const ArchiveKeys&) = default;
  ~ArchiveKeys();

  /// HMAC-SHA-256 of the payload under the naming key, 64 lower-case hexadecimal digits.
  std::string IdOf(std::string_view payload) const;
  const SecretKey& encryption() const { return encryption_; }
  /// Tells one secret from another without telling anything about it.
  const std::string& key_id() const { return key_id_; }

 private:
  ArchiveKeys() = default;

  SecretKey naming_{};
  SecretKey encryption_{};
  std::string key_id_;
};

using ByteSink = std::function<base::Status(std::string_view)>;

/// Hands the archived form of `payload` to `sink`, piece by piece. Memory does not grow with the
/// payload. The only errors beside the sink's are kInternal.
base::Status SealPayload(const ArchiveKeys& keys, const std::string& id, std::string_view payload,
                         const ByteSink& sink);

/// The payload whose archived form `file` holds. Nothing of it is believed before it is
/// authenticated. kCorrupt when a bit differs from what SealPayload made for this id, also when it
/// was made under another key (reason other_key); kUnsupported for a newer format; kTooLarge above
/// `limit` bytes.
base::Result<std::string> UnsealPayload(const ArchiveKeys& keys, const std::string& id,
                                        const base::File& file, std::uint64_t limit);

/// The key id in the header of an archived file; nothing when there is no valid header.
std::string FindKeyId(std::string_view header);

}  // namespace fansipan::store::internal
