#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// UTF-16 of an even number of bytes, without a byte order mark.
struct Utf16Text {
  std::string_view bytes;
  bool big_endian = false;
};

/// Appends the text in UTF-8. For half a surrogate pair a byte is appended that no UTF-8 has.
void TranscodeUtf16(const Utf16Text& from, std::string& text);

/// Offset of the first half of a surrogate pair that stands alone.
std::optional<std::size_t> FindLoneSurrogate(const Utf16Text& from);

/// Offset of the first NUL, or the end.
std::size_t FindNul(const Utf16Text& from);

/// Offset behind the `count`-th line feed, or the end when there are fewer.
std::size_t BehindLineFeeds(const Utf16Text& from, std::size_t start, std::size_t count);

}  // namespace fansipan::sources::internal
