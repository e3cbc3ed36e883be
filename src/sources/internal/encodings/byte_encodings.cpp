#include "sources/internal/encodings/byte_encodings.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sources/internal/encodings/utf8_writer.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kBlock = 64U << 10U;
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

/// Characters of consecutive bytes; 0 where there is none.
void Put(ByteEncoding& encoding, unsigned first, std::u16string_view characters) {
  for (const char16_t character : characters) {
    encoding.upper.at(first++ - 0x80).character = character;
  }
}

void PutMark(ByteEncoding& encoding, unsigned byte, Mark mark) {
  encoding.upper.at(byte - 0x80) = {.character = 0, .mark = mark};
}

/// Punctuation that Windows has below 0xA0.
void PutPunctuation(ByteEncoding& encoding) {
  Put(encoding, 0x80, u"€");
  Put(encoding, 0x82, u"‚");
  Put(encoding, 0x84, u"„…†‡");
  Put(encoding, 0x89, u"‰");
  Put(encoding, 0x8B, u"‹");
  Put(encoding, 0x91, u"‘’“”•–—");
  Put(encoding, 0x99, u"™");
  Put(encoding, 0x9B, u"›");
}

/// The upper half of ISO 8859-1 from `first` to `last`.
void PutLatin(ByteEncoding& encoding, unsigned first, unsigned last) {
  for (unsigned byte = first; byte <= last; ++byte) {
    encoding.upper.at(byte - 0x80).character = static_cast<char16_t>(byte);
  }
}

ByteEncoding MakeWindows1258() {
  ByteEncoding encoding;
  encoding.keeps_combining = true;
  PutPunctuation(encoding);
  Put(encoding, 0x83, u"ƒ");
  Put(encoding, 0x88, u"ˆ");
  Put(encoding, 0x8C, u"Œ");
  Put(encoding, 0x98, u"˜");
  Put(encoding, 0x9C, u"œ");
  Put(encoding, 0x9F, u"Ÿ");
  PutLatin(encoding, 0xA0, 0xFF);
  for (const auto& [byte, character] :
       {std::pair(0xC3U, u'Ă'), std::pair(0xD0U, u'Đ'), std::pair(0xD5U, u'Ơ'),
        std::pair(0xDDU, u'Ư'), std::pair(0xE3U, u'ă'), std::pair(0xF0U, u'đ'),
        std::pair(0xF5U, u'ơ'), std::pair(0xFDU, u'ư'), std::pair(0xFEU, u'₫')}) {
    encoding.upper.at(byte - 0x80).character = character;
  }
  PutMark(encoding, 0xCC, {kNoShape, kGrave});
  PutMark(encoding, 0xD2, {kNoShape, kHook});
  PutMark(encoding, 0xDE, {kNoShape, kTilde});
  PutMark(encoding, 0xEC, {kNoShape, kAcute});
  PutMark(encoding, 0xF2, {kNoShape, kDot});
  return encoding;
}

ByteEncoding MakeTcvn3() {
  ByteEncoding encoding;
  encoding.keeps_combining = true;
  PutPunctuation(encoding);
  Put(encoding, 0xA0, u"\u00A0ĂÂÊÔƠƯĐăâêôơưđ");
  PutMark(encoding, 0xB0, {kNoShape, kGrave});
  PutMark(encoding, 0xB1, {kNoShape, kHook});
  PutMark(encoding, 0xB2, {kNoShape, kTilde});
  PutMark(encoding, 0xB3, {kNoShape, kAcute});
  PutMark(encoding, 0xB4, {kNoShape, kDot});
  Put(encoding, 0xB5, u"àảãáạ");
  Put(encoding, 0xBB, u"ằẳẵắ");
  Put(encoding, 0xC6, u"ặầẩẫấậè");
  Put(encoding, 0xCE, u"ẻẽéẹềểễếệìỉ");
  Put(encoding, 0xDC, u"ĩíịò");
  Put(encoding, 0xE1, u"ỏõóọồổỗốộờởỡớợù");
  Put(encoding, 0xF1, u"ủũúụừửữứựỳỷỹýỵ");
  return encoding;
}

/// In VNI a capital's byte is that of the small letter less 0x20, for marks as for letters.
constexpr unsigned kCapital = 0x20;

ByteEncoding MakeVni() {
  ByteEncoding encoding;
  PutPunctuation(encoding);
  PutLatin(encoding, 0xA0, 0xBF);
  Put(encoding, 0xD7, u"×");
  Put(encoding, 0xF7, u"÷");
  for (const auto& [byte, small, capital] :
       {std::tuple(0xE6U, u'ỉ', u'Ỉ'), std::tuple(0xECU, u'ì', u'Ì'), std::tuple(0xEDU, u'í', u'Í'),
        std::tuple(0xEEU, u'ỵ', u'Ỵ'), std::tuple(0xF1U, u'đ', u'Đ'), std::tuple(0xF2U, u'ị', u'Ị'),
        std::tuple(0xF3U, u'ĩ', u'Ĩ'), std::tuple(0xF4U, u'ơ', u'Ơ'),
        std::tuple(0xF6U, u'ư', u'Ư')}) {
    encoding.upper.at(byte - 0x80).character = small;
    encoding.upper.at(byte - kCapital - 0x80).character = capital;
  }
  for (const auto& [byte, mark] :
       {std::pair(0xF8U, Mark{kNoShape, kGrave}), std::pair(0xFBU, Mark{kNoShape, kHook}),
        std::pair(0xF5U, Mark{kNoShape, kTilde}), std::pair(0xF9U, Mark{kNoShape, kAcute}),
        std::pair(0xEFU, Mark{kNoShape, kDot}), std::pair(0xE2U, Mark{kCircumflex, kNoTone}),
        std::pair(0xE0U, Mark{kCircumflex, kGrave}), std::pair(0xE5U, Mark{kCircumflex, kHook}),
        std::pair(0xE3U, Mark{kCircumflex, kTilde}), std::pair(0xE1U, Mark{kCircumflex, kAcute}),
        std::pair(0xE4U, Mark{kCircumflex, kDot}), std::pair(0xEAU, Mark{kBreve, kNoTone}),
        std::pair(0xE8U, Mark{kBreve, kGrave}), std::pair(0xFAU, Mark{kBreve, kHook}),
        std::pair(0xFCU, Mark{kBreve, kTilde}), std::pair(0xE9U, Mark{kBreve, kAcute}),
        std::pair(0xEBU, Mark{kBreve, kDot})}) {
    PutMark(encoding, byte, mark);
    PutMark(encoding, byte - kCapital, mark);
  }
  return encoding;
}

bool IsAsciiLetter(char16_t character) {
  return (character >= u'A' && character <= u'Z') || (character >= u'a' && character <= u'z');
}

/// Writes bytes of one encoding as UTF-8 through a pointer that has room for three bytes each.
class ByteWriter {
 public:
  explicit ByteWriter(const ByteEncoding& encoding) : encoding_(encoding) {}

  /// Returns the end of what was written; `before` is the character that a mark goes on.
  char* Write(std::string_view bytes, char* to) {
    char16_t before = 0;
    std::size_t before_size = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      if (byte < 0x80) {
        *to++ = bytes[i];
        before = byte;
        before_size = 1;
        continue;
      }
      const ByteMeaning& meaning = encoding_.upper[byte - 0x80];
      if (meaning.mark.any()) {
        const auto whole = WithMark(before, meaning.mark);
        if (whole) {
          to = WriteUtf8(*whole, to - before_size);
        } else if (encoding_.keeps_combining && IsAsciiLetter(before)) {
          to = WriteUtf8(CombiningCharacter(meaning.mark.tone), to);
        } else {
          to = WriteUndecodable(i, to);
        }
        before = 0;
      } else if (meaning.character != 0) {
        char* const start = to;
        to = WriteUtf8(meaning.character, to);
        before = meaning.character;
        before_size = static_cast<std::size_t>(to - start);
      } else {
        to = WriteUndecodable(i, to);
        before = 0;
      }
    }
    return to;
  }
  std::size_t first_undecodable() const { return first_undecodable_; }

 private:
  char* WriteUndecodable(std::size_t index, char* to) {
    first_undecodable_ = std::min(first_undecodable_, index);
    *to = kUndecodable;
    return to + 1;
  }

  const ByteEncoding& encoding_;
  std::size_t first_undecodable_ = kNowhere;
};

/// A block's size that does not part a letter from its mark: what follows an ASCII byte that is no
/// letter, or all that is there. Longer than asked when no such byte is near.
std::size_t BlockSize(std::string_view rest) {
  std::size_t size = kBlock;
  while (size < rest.size()) {
    const char before = rest[size - 1];
    const bool parts = static_cast<unsigned char>(before) < 0x80 &&
                       !IsAsciiLetter(static_cast<unsigned char>(before));
    if (parts) return size;
    ++size;
  }
  return rest.size();
}

}  // namespace

const ByteEncoding& ByteEncodingOf(center::Encoding encoding) {
  static const ByteEncoding windows_1258 = MakeWindows1258();
  static const ByteEncoding tcvn3 = MakeTcvn3();
  static const ByteEncoding vni = MakeVni();
  if (encoding == center::Encoding::kVni) return vni;
  return encoding == center::Encoding::kTcvn3 ? tcvn3 : windows_1258;
}

void TranscodeBytes(std::string_view payload, const ByteEncoding& encoding, std::string& text) {
  text.reserve(payload.size() + payload.size() / 4);  // as Vietnamese takes
  ByteWriter writer(encoding);
  while (!payload.empty()) {
    const std::string_view block = payload.substr(0, BlockSize(payload));
    const std::size_t before = text.size();
    text.resize(before + kUtf8Room * block.size());
    char* const end = writer.Write(block, text.data() + before);
    text.resize(static_cast<std::size_t>(end - text.data()));
    payload.remove_prefix(block.size());
  }
}

std::optional<std::size_t> FindUndecodableByte(std::string_view payload,
                                               const ByteEncoding& encoding) {
  for (std::size_t done = 0; done < payload.size();) {
    const std::string_view rest = payload.substr(done);
    const std::string_view block = rest.substr(0, BlockSize(rest));
    std::string room(kUtf8Room * block.size(), '\0');
    ByteWriter writer(encoding);
    writer.Write(block, room.data());
    if (writer.first_undecodable() != kNowhere) return done + writer.first_undecodable();
    done += block.size();
  }
  return std::nullopt;
}

}  // namespace fansipan::sources::internal
