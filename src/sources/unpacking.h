#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources {

/// An unpacked body may be this many times as long as what was sent, once it is over a megabyte.
inline constexpr std::uint64_t kMaxUnpackRatio = 250;

/// Undoes a content coding: identity (or empty), gzip (also of several members), deflate (the zlib
/// form of RFC 9110), zstd. Memory stays within `limit_bytes` and the decompressor's own window
/// (at most 128 MB). Errors: kTooLarge unpacked_too_large; kInvalidArgument bad_compression
/// (damaged, cut off, or followed by other bytes); kUnsupported unknown_encoding.
base::Result<std::string> Unpack(std::string_view body, std::string_view encoding,
                                 std::uint64_t limit_bytes,
                                 std::uint64_t ratio_limit = kMaxUnpackRatio);

}  // namespace fansipan::sources
