#include "store/embedded/internal/sealed_payload.h"

#include <sodium.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "base/checksum.h"
#include "base/hash.h"
#include "store/embedded/internal/bytes.h"

namespace fansipan::store::internal {
namespace {

constexpr std::string_view kMagic = "FSARCHIV";
constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr std::size_t kTagBytes = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kNonceBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kKeyIdOffset = 16;
constexpr std::size_t kChecksumOffset = kArchiveHeaderBytes - 4;
constexpr int kCompressionLevel = 3;
// 8 MB: what level 3 uses at most, so that a hostile stream cannot ask for more.
constexpr int kWindowLog = 23;

// Context and numbers of the derived keys; never change them.
constexpr char kDerivationContext[crypto_kdf_CONTEXTBYTES + 1] = "fansarch";
constexpr std::uint64_t kNamingKey = 1;
constexpr std::uint64_t kEncryptionKey = 2;
constexpr std::uint64_t kKeyIdKey = 3;

static_assert(std::tuple_size_v<SecretKey> == crypto_kdf_KEYBYTES);
static_assert(std::tuple_size_v<SecretKey> == crypto_auth_hmacsha256_KEYBYTES);
static_assert(std::tuple_size_v<SecretKey> == crypto_secretstream_xchacha20poly1305_KEYBYTES);

using CompressContext = std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)>;
using DecompressContext = std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)>;

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* Unsigned(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

base::Error Internal(std::string_view what) {
  return {base::ErrorCode::kInternal, "archive", "archiving a payload: " + std::string(what)};
}
base::Error Corrupt(std::string_view reason, std::string_view what) {
  return {base::ErrorCode::kCorrupt, std::string(reason), std::string(what)};
}

struct Header {
  std::string key_id;
  std::uint64_t payload_bytes = 0;
  std::string nonce;
};

std::string EncodeHeader(const Header& header) {
  std::string bytes(kMagic);
  ByteWriter writer(bytes);
  writer.Fixed32(kArchiveFormat);
  writer.Fixed32(kChunkBytes);
  bytes += header.key_id;
  writer.Fixed64(header.payload_bytes);
  bytes += header.nonce;
  writer.Fixed32(0);
  writer.Fixed32(base::Crc32c(bytes));
  return bytes;
}

base::Result<Header> ParseHeader(std::string_view bytes) {
  if (bytes.size() < kArchiveHeaderBytes) return Corrupt("header", "the header is not whole");
  bytes = bytes.substr(0, kArchiveHeaderBytes);
  if (ByteReader(bytes.substr(kChecksumOffset)).Fixed32() !=
      base::Crc32c(bytes.substr(0, kChecksumOffset))) {
    return Corrupt("header", "the header's checksum is wrong");
  }
  ByteReader reader(bytes.substr(kMagic.size()));
  const std::uint32_t format = reader.Fixed32();
  if (!bytes.starts_with(kMagic) || format == 0) {
    return Corrupt("header", "it does not begin like an archived payload");
  }
  if (format > kArchiveFormat) {
    return base::Error{base::ErrorCode::kUnsupported, "archive_format",
                       "it has archive format " + std::to_string(format) +
                           ", this program knows up to " + std::to_string(kArchiveFormat) +
                           "; start the newer program that wrote it"};
  }
  if (reader.Fixed32() != kChunkBytes) return Corrupt("header", "its chunk size is unknown");
  Header header;
  header.key_id = std::string(bytes.substr(kKeyIdOffset, kKeyIdBytes));
  header.payload_bytes = ByteReader(bytes.substr(kKeyIdOffset + kKeyIdBytes)).Fixed64();
  header.nonce = std::string(bytes.substr(kKeyIdOffset + kKeyIdBytes + 8, kNonceBytes));
  return header;
}

// Compresses into chunks, encrypts each and hands it on.
class Sealer {
 public:
  Sealer(const ArchiveKeys& keys, const ByteSink& sink) : keys_(keys), sink_(sink) {}

  base::Status Run(const std::string& id, std::string_view payload) {
    Header header{.key_id = keys_.key_id(), .payload_bytes = payload.size(), .nonce = {}};
    header.nonce.resize(kNonceBytes);
    if (crypto_secretstream_xchacha20poly1305_init_push(&cipher_, Unsigned(header.nonce),
                                                        keys_.encryption().data()) != 0) {
      return Internal("the cipher cannot start");
    }
    const std::string bytes = EncodeHeader(header);
    FANSIPAN_RETURN_IF_ERROR(sink_(bytes));
    bound_ = bytes + id;
    return Compress(payload);
  }

 private:
  base::Status Compress(std::string_view payload) {
    const CompressContext context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    if (!context) return Internal("no memory for compression");
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kCompressionLevel);
    ZSTD_CCtx_setPledgedSrcSize(context.get(), payload.size());
    std::string chunk(kChunkBytes, '\0');
    ZSTD_inBuffer in{payload.data(), payload.size(), 0};
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    while (true) {
      const std::size_t left = ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end);
      if (ZSTD_isError(left) != 0) return Internal(ZSTD_getErrorName(left));
      const std::string_view filled = std::string_view(chunk).substr(0, out.pos);
      if (left == 0) return Push(filled, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
      if (out.pos < out.size) continue;
      FANSIPAN_RETURN_IF_ERROR(Push(filled, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE));
      out.pos = 0;
    }
  }

  // The header and the id are authenticated with the first chunk.
  base::Status Push(std::string_view chunk, unsigned char tag) {
    sealed_.resize(chunk.size() + kTagBytes);
    const int pushed = crypto_secretstream_xchacha20poly1305_push(
        &cipher_, Unsigned(sealed_), nullptr, Unsigned(chunk), chunk.size(), Unsigned(bound_),
        bound_.size(), tag);
    if (pushed != 0) return Internal("the cipher refused a chunk");
    bound_.clear();
    return sink_(sealed_);
  }

  const ArchiveKeys& keys_;
  const ByteSink& sink_;
  crypto_secretstream_xchacha20poly1305_state cipher_{};
  std::string bound_;
  std::string sealed_;
};

// Authenticates and decrypts each chunk, then decompresses it.
class Unsealer {
 public:
  Unsealer(const ArchiveKeys& keys, const base::File& file, std::uint64_t limit)
      : keys_(keys), file_(file), limit_(limit) {}

  base::Result<std::string> Run(const std::string& id) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string start, file_.ReadAt(0, kArchiveHeaderBytes));
    FANSIPAN_ASSIGN_OR_RETURN(header_, ParseHeader(start));
    if (header_.key_id != keys_.key_id()) {
      return Corrupt("other_key", "it was encrypted under key " + base::ToHex(header_.key_id) +
                                      ", the key file holds " + base::ToHex(keys_.key_id()) +
                                      "; put the right key file in place");
    }
    bound_ = start + id;
    if (crypto_secretstream_xchacha20poly1305_init_pull(&cipher_, Unsigned(header_.nonce),
                                                        keys_.encryption().data()) != 0) {
      return Corrupt("header", "the cipher refuses the header");
    }
    context_.reset(ZSTD_createDCtx());
    if (!context_) return Internal("no memory for decompression");
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog);
    FANSIPAN_RETURN_IF_ERROR(Chunks());
    if (keys_.IdOf(payload_) != id) return Corrupt("content", "its content has another id");
    return std::move(payload_);
  }

 private:
  base::Status Chunks() {
    FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, file_.Size());
    std::uint64_t offset = kArchiveHeaderBytes;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const std::string sealed,
                                file_.ReadAt(offset, kChunkBytes + kTagBytes));
      FANSIPAN_ASSIGN_OR_RETURN(const bool is_final, Pull(sealed, offset));
      offset += sealed.size();
      FANSIPAN_RETURN_IF_ERROR(Decompress());
      if (!is_final) continue;
      if (offset != size) return Corrupt("content", "bytes follow the last chunk");
      if (!frame_ended_ || filled_ != payload_.size()) {
        return Corrupt("content", "it is shorter than it says");
      }
      return {};
    }
  }

  base::Result<bool> Pull(const std::string& sealed, std::uint64_t offset) {
    if (sealed.size() < kTagBytes) {
      return Corrupt("content",
                     "it ends at byte " + std::to_string(offset) + ", before its last chunk");
    }
    chunk_.resize(sealed.size() - kTagBytes);
    unsigned char tag = 0;
    const int pulled = crypto_secretstream_xchacha20poly1305_pull(
        &cipher_, Unsigned(chunk_), nullptr, &tag, Unsigned(sealed), sealed.size(),
        Unsigned(bound_), bound_.size());
    if (pulled != 0) {
      return Corrupt("content",
                     "the chunk at byte " + std::to_string(offset) + " is not what was written");
    }
    if (!bound_.empty()) {
      bound_.clear();
      // Only now is the declared size known to be ours.
      if (header_.payload_bytes > limit_) {
        return base::Error{base::ErrorCode::kTooLarge, "payload",
                           "it unpacks to " + std::to_string(header_.payload_bytes) +
                               " bytes, the limit is " + std::to_string(limit_)};
      }
      payload_.resize(static_cast<std::size_t>(header_.payload_bytes));
    }
    return tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  }

  base::Status Decompress() {
    ZSTD_inBuffer in{chunk_.data(), chunk_.size(), 0};
    ZSTD_outBuffer out{payload_.data(), payload_.size(), filled_};
    while (in.pos < in.size) {
      if (frame_ended_) return Corrupt("content", "bytes follow the compressed payload");
      const std::size_t before = in.pos + out.pos;
      const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(left) != 0) return Corrupt("content", ZSTD_getErrorName(left));
      frame_ended_ = left == 0;
      if (!frame_ended_ && in.pos + out.pos == before) {
        return Corrupt("content", "it unpacks to more than it says");
      }
    }
    filled_ = out.pos;
    return {};
  }

  const ArchiveKeys& keys_;
  const base::File& file_;
  const std::uint64_t limit_;
  Header header_;
  crypto_secretstream_xchacha20poly1305_state cipher_{};
  DecompressContext context_{nullptr, &ZSTD_freeDCtx};
  std::string bound_;
  std::string chunk_;
  std::string payload_;
  std::size_t filled_ = 0;
  bool frame_ended_ = false;
};

}  // namespace

base::Result<ArchiveKeys> ArchiveKeys::Derive(const SecretKey& secret) {
  if (sodium_init() < 0) return Internal("the cryptographic library cannot start");
  ArchiveKeys keys;
  keys.key_id_.resize(crypto_kdf_BYTES_MIN);
  crypto_kdf_derive_from_key(keys.naming_.data(), keys.naming_.size(), kNamingKey,
                             kDerivationContext, secret.data());
  crypto_kdf_derive_from_key(keys.encryption_.data(), keys.encryption_.size(), kEncryptionKey,
                             kDerivationContext, secret.data());
  crypto_kdf_derive_from_key(Unsigned(keys.key_id_), keys.key_id_.size(), kKeyIdKey,
                             kDerivationContext, secret.data());
  keys.key_id_.resize(kKeyIdBytes);
  return keys;
}

ArchiveKeys::~ArchiveKeys() {
  sodium_memzero(naming_.data(), naming_.size());
  sodium_memzero(encryption_.data(), encryption_.size());
}

std::string ArchiveKeys::IdOf(std::string_view payload) const {
  std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256(Unsigned(digest), Unsigned(payload), payload.size(), naming_.data());
  return base::ToHex(digest);
}

base::Status SealPayload(const ArchiveKeys& keys, const std::string& id, std::string_view payload,
                         const ByteSink& sink) {
  return Sealer(keys, sink).Run(id, payload);
}

base::Result<std::string> UnsealPayload(const ArchiveKeys& keys, const std::string& id,
                                        const base::File& file, std::uint64_t limit) {
  return Unsealer(keys, file, limit).Run(id);
}

std::string FindKeyId(std::string_view header) {
  const base::Result<Header> parsed = ParseHeader(header);
  return parsed.ok() ? parsed->key_id : std::string();
}

}  // namespace fansipan::store::internal
