#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/decimal.h"

namespace fansipan::indicators::internal {

/// Writes numbers and texts behind each other into a string: fixed numbers little-endian, varints
/// of seven bits a byte with the low ones first, signed numbers zigzag.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& bytes) : bytes_(bytes) {}

  void Byte(std::uint8_t number) { bytes_.push_back(static_cast<char>(number)); }
  void Fixed32(std::uint32_t number);
  void Fixed64(std::uint64_t number);
  void Varint(std::uint64_t number);
  void Signed(std::int64_t number);
  void Wide(model::Int128 number);
  /// Its length in bytes as a varint, then the bytes.
  void Text(std::string_view text);

 private:
  std::string& bytes_;
};

/// Reads what ByteWriter wrote, from bytes that may be anything. The first thing that does not fit
/// makes it fail for good: from then on it hands out zeros. Every number has one accepted spelling.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t Byte() {
    if (offset_ == bytes_.size()) failed_ = true;
    return failed_ ? 0 : static_cast<std::uint8_t>(bytes_[offset_++]);
  }
  std::uint32_t Fixed32();
  std::uint64_t Fixed64();
  std::uint64_t Varint() { return AtOneByte() ? Byte() : LongVarint(); }
  /// A varint of at most `limit`.
  std::uint64_t UpTo(std::uint64_t limit);
  std::int64_t Signed() {
    const std::uint64_t number = Varint();
    return static_cast<std::int64_t>((number >> 1U) ^ (~(number & 1U) + 1));
  }
  /// A signed varint from -`limit` to `limit`.
  std::int64_t SignedUpTo(std::int64_t limit);
  model::Int128 Wide() { return AtOneByte() ? static_cast<model::Int128>(Signed()) : LongWide(); }
  std::string Text() { return std::string(TextView()); }
  /// The text where it lies among the bytes.
  std::string_view TextView();
  /// All that was not read yet.
  std::string_view Rest() const { return bytes_.substr(offset_); }
  /// A count of things that take at least `least_bytes` each; fails when so many cannot follow.
  std::size_t Count(std::size_t least_bytes);

  void Fail() { failed_ = true; }
  bool failed() const { return failed_; }
  /// All was read and nothing failed.
  bool finished() const { return !failed_ && offset_ == bytes_.size(); }

 private:
  /// Most numbers are small: their spelling is decided on the spot.
  bool AtOneByte() const {
    return !failed_ && offset_ < bytes_.size() &&
           (static_cast<std::uint8_t>(bytes_[offset_]) & 0x80U) == 0;
  }
  std::uint64_t LongVarint();
  model::Int128 LongWide();

  std::string_view bytes_;
  std::size_t offset_ = 0;
  bool failed_ = false;
};

}  // namespace fansipan::indicators::internal
