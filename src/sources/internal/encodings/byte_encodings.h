#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "center/source.h"
#include "sources/internal/encodings/vietnamese_letters.h"

namespace fansipan::sources::internal {

/// What a byte from 0x80 on means: a character, or a mark on the letter before it, or nothing.
struct ByteMeaning {
  char16_t character = 0;
  Mark mark;
};

/// An encoding whose bytes below 0x80 are ASCII.
struct ByteEncoding {
  std::array<ByteMeaning, 128> upper;
  /// A tone on an ASCII letter that has no one character with it stays a combining character.
  bool keeps_combining = false;
};

/// Windows-1258, TCVN3 or VNI.
///
/// Windows-1258 is Microsoft's code page: a letter with its shape, then a combining tone. TCVN3 is
/// the encoding of the ABC typefaces, TCVN 5712:1993 without its toned capitals: one byte for each
/// letter, combining tones for the capitals. VNI is that of the VNI typefaces for Windows: a
/// letter, then a byte for shape and tone. Both are made for Windows, whose punctuation stands
/// where they have no letters; only that which is no letter itself is taken.
const ByteEncoding& ByteEncodingOf(center::Encoding encoding);

/// Appends the payload in UTF-8 (NFC). For a byte that means nothing where it stands, a byte is
/// appended that no UTF-8 has.
void TranscodeBytes(std::string_view payload, const ByteEncoding& encoding, std::string& text);

/// Of the first byte that means nothing where it stands.
std::optional<std::size_t> FindUndecodableByte(std::string_view payload,
                                               const ByteEncoding& encoding);

}  // namespace fansipan::sources::internal
