#include "sources/internal/encodings/payload_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sources/internal/encodings/byte_encodings.h"
#include "sources/internal/encodings/utf16.h"
#include "sources/internal/encodings/utf8_writer.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

using center::Encoding;

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kLittleEndianMark = "\xFF\xFE";
constexpr std::string_view kBigEndianMark = "\xFE\xFF";

/// The encoding whose mark the payload begins with.
std::optional<Encoding> MarkedEncoding(std::string_view payload) {
  if (payload.starts_with(kUtf8Mark)) return Encoding::kUtf8;
  if (payload.starts_with(kLittleEndianMark) || payload.starts_with(kBigEndianMark)) {
    return Encoding::kUtf16;
  }
  return std::nullopt;
}

std::size_t CountLineFeeds(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

bool IsBigEndian(std::string_view payload, Encoding encoding) {
  return encoding == Encoding::kUtf16 && payload.starts_with(kBigEndianMark);
}

base::Result<PayloadText> PayloadText::Read(std::string_view payload, Encoding encoding) {
  const auto marked = MarkedEncoding(payload);
  if (marked && *marked != encoding) {
    return base::Error{base::ErrorCode::kInvalidArgument, "byte_order_mark",
                       fmt::format("the file begins with the byte order mark of {}, its source "
                                   "declares `encoding: {}`; declare what the file is in",
                                   NameOf(*marked), NameOf(encoding))};
  }
  PayloadText read(payload, encoding);
  if (read.is_utf8()) return read;
  read.big_endian_ = IsBigEndian(payload, encoding);
  if (encoding != Encoding::kUtf16) {
    TranscodeBytes(payload, ByteEncodingOf(encoding), read.transcoded_);
    return read;
  }
  if (payload.size() % 2 != 0) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "cut_off",
        fmt::format("the file has {} bytes, an odd number; in utf-16 a character has "
                    "two: the file is cut off, or is in another encoding",
                    payload.size())};
  }
  read.mark_size_ = marked ? kLittleEndianMark.size() : 0;
  TranscodeUtf16({payload.substr(read.mark_size_), read.big_endian_}, read.transcoded_);
  return read;
}

/// Walks text and payload side by side, from line to line.
class PayloadText::Lines {
 public:
  explicit Lines(const PayloadText& owner)
      : owner_(owner), text_(owner.text()), payload_at_(owner.mark_size_) {}

  /// Place in the payload of a piece of the text. Pieces must ascend.
  void Place(std::uint64_t& offset, std::uint64_t& length) {
    const std::size_t start = GoTo(offset);
    const std::size_t feeds = CountLineFeeds(text_.substr(offset, length));
    const std::size_t end = EndOfLine(start, feeds, offset + length);
    offset = start;
    length = end - start;
  }

  /// Offset in the payload of the line that begins at `offset` of the text.
  std::size_t GoTo(std::size_t offset) {
    const std::size_t feeds = CountLineFeeds(text_.substr(text_at_, offset - text_at_));
    payload_at_ = owner_.BehindLineFeeds(payload_at_, feeds);
    text_at_ = offset;
    return payload_at_;
  }

 private:
  /// Where the line that lies `feeds` lines behind `start` ends, less what the text has between
  /// `text_end` and the end of its line: carriage returns.
  std::size_t EndOfLine(std::size_t start, std::size_t feeds, std::size_t text_end) const {
    const std::size_t line_end = std::min(text_.find('\n', text_end), text_.size());
    const std::size_t behind = owner_.BehindLineFeeds(start, feeds + 1);
    const std::size_t left_out = line_end - text_end + (line_end < text_.size() ? 1 : 0);
    return behind - left_out * owner_.UnitSize();
  }

  const PayloadText& owner_;
  std::string_view text_;
  std::size_t text_at_ = 0;
  std::size_t payload_at_ = 0;
};

void PayloadText::PlaceInPayload(DecodedPayload& decoded) const {
  if (!is_utf8()) {
    Lines lines(*this);
    for (RawRowSpan& row : decoded.rows) lines.Place(row.offset, row.length);
  }
  for (model::QuarantinedRow& refused : decoded.refused) {
    const RawRowSpan& row = decoded.rows[refused.raw_row - 1];
    refused.byte_offset = row.offset;
    if (refused.reason != "invalid_utf8") continue;
    const auto fault = FindFault(row.offset, row.length);
    if (!fault) continue;
    if (!is_utf8()) refused.reason = "wrong_encoding";
    refused.message = fmt::format("line {}: {}", row.line, *fault);
  }
}

base::Error PayloadText::TellOfPayload(base::Error error, std::size_t offset) const {
  const std::size_t start = is_utf8() ? offset : Lines(*this).GoTo(offset);
  const std::size_t end = payload_.size();
  if (!is_utf8()) error.reason = "wrong_encoding";
  if (const auto fault = FindFault(start, end - start)) error.message += ": " + *fault;
  return error;
}

std::size_t PayloadText::BehindLineFeeds(std::size_t start, std::size_t count) const {
  if (UnitSize() == 2) {
    return internal::BehindLineFeeds({payload_, big_endian_}, start, count);
  }
  for (std::size_t at = start; count > 0; --count) {
    const std::size_t feed = payload_.find('\n', at);
    if (feed == std::string_view::npos) return payload_.size();
    at = start = feed + 1;
  }
  return start;
}

std::optional<std::size_t> PayloadText::FindUndecodable(std::string_view bytes) const {
  if (is_utf8()) return FindNotUtf8(bytes);
  if (encoding_ == Encoding::kUtf16) return FindLoneSurrogate({bytes, big_endian_});
  return FindUndecodableByte(bytes, ByteEncodingOf(encoding_));
}

std::optional<std::string> PayloadText::FindFault(std::size_t offset, std::size_t length) const {
  const std::string_view bytes = payload_.substr(offset, length);
  const std::size_t nul =
      UnitSize() == 2 ? FindNul({bytes, big_endian_}) : std::min(bytes.find('\0'), bytes.size());
  const std::size_t undecodable = FindUndecodable(bytes).value_or(bytes.size());
  const std::size_t at = offset + std::min(nul, undecodable);
  if (at == offset + bytes.size()) return std::nullopt;
  return fmt::format("{} at offset {} {}", NameOfBytes(at), at,
                     nul < undecodable
                         ? "is a NUL, which no text has"
                         : fmt::format("means nothing in {} where it stands", NameOf(encoding_)));
}

std::string PayloadText::NameOfBytes(std::size_t offset) const {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(payload_[at]); };
  if (UnitSize() == 1) return fmt::format("the byte 0x{:02X}", byte(offset));
  return fmt::format("the pair of bytes 0x{:02X} 0x{:02X}", byte(offset), byte(offset + 1));
}

std::string ReadableBytes(std::string_view bytes, Encoding encoding, bool big_endian) {
  std::string text;
  if (encoding == Encoding::kUtf8) {
    text = bytes;
  } else if (encoding == Encoding::kUtf16) {
    TranscodeUtf16({bytes.substr(0, bytes.size() - bytes.size() % 2), big_endian}, text);
  } else {
    TranscodeBytes(bytes, ByteEncodingOf(encoding), text);
  }
  std::string readable;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t sound = FindNotUtf8(rest).value_or(rest.size());
    readable += rest.substr(0, sound);
    rest.remove_prefix(sound);
    if (rest.empty()) break;
    readable += "\uFFFD";
    rest.remove_prefix(1);
  }
  return readable;
}

}  // namespace fansipan::sources::internal
