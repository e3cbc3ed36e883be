#include "sources/unpacking.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

namespace fansipan::sources {
namespace {

constexpr std::size_t kChunk = 64U << 10U;
constexpr std::uint64_t kRatioFrom = 1U << 20U;
constexpr int kZlibForm = 15;
constexpr int kGzipForm = 15 + 16;
constexpr int kZstdWindowLog = 27;

base::Error Bad(std::string_view encoding, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "bad_compression",
          fmt::format("the body is not valid {}: {}", encoding, what)};
}

/// Grows by chunks and refuses what goes beyond the limits.
class Unpacked {
 public:
  Unpacked(std::uint64_t packed, std::uint64_t limit, std::uint64_t ratio_limit)
      : packed_(packed), limit_(limit), ratio_limit_(ratio_limit) {}

  base::Status Add(std::string_view chunk) {
    const std::uint64_t size = text_.size() + chunk.size();
    if (size > limit_) {
      return base::Error{
          base::ErrorCode::kTooLarge, "unpacked_too_large",
          fmt::format("unpacked, the body has more than the {} bytes allowed", limit_)};
    }
    if (size > kRatioFrom && size / std::max<std::uint64_t>(packed_, 1) > ratio_limit_) {
      return base::Error{
          base::ErrorCode::kTooLarge, "unpacked_too_large",
          fmt::format("unpacked, the body is more than {} times as long as sent", ratio_limit_)};
    }
    text_.append(chunk);
    return {};
  }
  std::string Take() && { return std::move(text_); }

 private:
  std::uint64_t packed_;
  std::uint64_t limit_;
  std::uint64_t ratio_limit_;
  std::string text_;
};

struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

/// Everything up to the end of one stream. True when it was complete.
base::Result<bool> InflateOne(z_stream& stream, std::string_view encoding, Unpacked& unpacked) {
  std::array<char, kChunk> chunk;
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = chunk.size() - stream.avail_out;
    FANSIPAN_RETURN_IF_ERROR(unpacked.Add({chunk.data(), made}));
    if (state == Z_STREAM_END) return true;
    if (state == Z_BUF_ERROR && made == 0) return false;
    if (state != Z_OK && state != Z_BUF_ERROR) return Bad(encoding, "damaged");
  }
}

base::Status Inflate(std::string_view body, std::string_view encoding, int form,
                     Unpacked& unpacked) {
  z_stream stream{};
  if (inflateInit2(&stream, form) != Z_OK) {
    return base::Error{base::ErrorCode::kUnavailable, "", "no memory to unpack the body"};
  }
  const std::unique_ptr<z_stream, InflateEnd> end(&stream);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool complete, InflateOne(stream, encoding, unpacked));
    if (!complete) return Bad(encoding, "it is cut off");
    if (stream.avail_in == 0) return {};
    if (form != kGzipForm) return Bad(encoding, "other bytes follow it");
    inflateReset(&stream);
  }
}

base::Status Decompress(std::string_view body, Unpacked& unpacked) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     &ZSTD_freeDCtx);
  if (!context) return base::Error{base::ErrorCode::kUnavailable, "", "no memory to unpack"};
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  std::array<char, kChunk> chunk;
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  std::size_t left = 1;
  while (true) {
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    const std::size_t before = in.pos;
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left) != 0U) return Bad("zstd", ZSTD_getErrorName(left));
    FANSIPAN_RETURN_IF_ERROR(unpacked.Add({chunk.data(), out.pos}));
    if (in.pos < in.size) continue;
    if (left == 0) return {};
    if (out.pos < out.size && in.pos == before) return Bad("zstd", "it is cut off");
  }
}

}  // namespace

base::Result<std::string> Unpack(std::string_view body, std::string_view encoding,
                                 std::uint64_t limit_bytes, std::uint64_t ratio_limit) {
  Unpacked unpacked(body.size(), limit_bytes, ratio_limit);
  if (encoding.empty() || encoding == "identity") {
    FANSIPAN_RETURN_IF_ERROR(unpacked.Add(body));
    return std::move(unpacked).Take();
  }
  const bool known = encoding == "gzip" || encoding == "deflate" || encoding == "zstd";
  if (!known) {
    return base::Error{base::ErrorCode::kInvalidArgument, "unknown_encoding",
                       "the body's content coding must be identity, gzip, deflate or zstd"};
  }
  if (body.size() > limit_bytes || body.size() > std::numeric_limits<uInt>::max()) {
    return base::Error{base::ErrorCode::kTooLarge, "unpacked_too_large",
                       fmt::format("the body has more than the {} bytes allowed", limit_bytes)};
  }
  if (encoding == "zstd") {
    FANSIPAN_RETURN_IF_ERROR(Decompress(body, unpacked));
  } else {
    FANSIPAN_RETURN_IF_ERROR(
        Inflate(body, encoding, encoding == "gzip" ? kGzipForm : kZlibForm, unpacked));
  }
  return std::move(unpacked).Take();
}

}  // namespace fansipan::sources
