#pragma once

#include <cstdint>
#include <optional>

namespace fansipan::sources::internal {

/// What a mark of a legacy encoding adds to the letter before it: a shape (circumflex, breve), a
/// tone, or both. 0 is no mark.
enum Tone : std::uint8_t { kNoTone, kGrave, kHook, kTilde, kAcute, kDot };
enum Shape : std::uint8_t { kNoShape, kCircumflex, kBreve };
struct Mark {
  Shape shape = kNoShape;
  Tone tone = kNoTone;
  bool any() const { return shape != kNoShape || tone != kNoTone; }
};

/// The one character (NFC) that a letter with a mark is; nothing when there is none.
std::optional<char16_t> WithMark(char16_t letter, Mark mark);

/// The combining character of a tone.
char16_t CombiningCharacter(Tone tone);

}  // namespace fansipan::sources::internal
