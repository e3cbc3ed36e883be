#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source.h"
#include "sources/decoding.h"

namespace fansipan::sources::internal {

/// A payload as the UTF-8 text that decoders read, and the way back from its lines to the payload's
/// bytes. The text has the payload's line feeds, in the same order, so that a line is found again
/// without a map of its own: rows begin with a line and end where one ends. What could not be
/// decoded stands in the text as a byte that no UTF-8 has. Refers to the payload. One thread.
class PayloadText {
 public:
  /// Errors: byte_order_mark when the payload begins with the mark of another encoding than the
  /// declared one; cut_off for UTF-16 of an odd number of bytes.
  static base::Result<PayloadText> Read(std::string_view payload, center::Encoding encoding);

  std::string_view text() const { return is_utf8() ? payload_ : std::string_view(transcoded_); }

  /// Rows of the text, in order, become rows of the payload; refused ones say which of their bytes
  /// could not be read, if that was why.
  void PlaceInPayload(DecodedPayload& decoded) const;

  /// An error of a decoder that could not read the line of the text which begins at `offset`,
  /// told of the payload.
  base::Error TellOfPayload(base::Error error, std::size_t offset) const;

 private:
  class Lines;

  PayloadText(std::string_view payload, center::Encoding encoding)
      : payload_(payload), encoding_(encoding) {}

  bool is_utf8() const { return encoding_ == center::Encoding::kUtf8; }
  std::size_t UnitSize() const { return encoding_ == center::Encoding::kUtf16 ? 2 : 1; }
  std::size_t BehindLineFeeds(std::size_t start, std::size_t count) const;
  std::optional<std::size_t> FindUndecodable(std::string_view bytes) const;
  /// What cannot be read in these bytes of the payload, in words.
  std::optional<std::string> FindFault(std::size_t offset, std::size_t length) const;
  std::string NameOfBytes(std::size_t offset) const;

  std::string_view payload_;
  center::Encoding encoding_;
  std::size_t mark_size_ = 0;  ///< of the byte order mark that was left out
  bool big_endian_ = false;
  std::string transcoded_;
};

/// Bytes of a payload for people to read: in UTF-8, with U+FFFD for what means nothing. `bytes`
/// need not be whole lines.
std::string ReadableBytes(std::string_view bytes, center::Encoding encoding, bool big_endian);

/// True for UTF-16 whose byte order mark says so.
bool IsBigEndian(std::string_view payload, center::Encoding encoding);

}  // namespace fansipan::sources::internal
