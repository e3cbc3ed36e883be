#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/decimal.h"

namespace fansipan::store::internal {

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
/// makes it fail for good: from then on it hands out zeros and `failed()` is true. Every number has
/// one accepted spelling, so that what decodes encodes to the same bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t Byte() {
    if (!failed() && offset_ < bytes_.size()) return static_cast<std::uint8_t>(bytes_[offset_++]);
    Fail("the bytes end too early");
    return 0;
  }
  std::uint32_t Fixed32();
  std::uint64_t Fixed64();
  std::uint64_t Varint();
  std::uint32_t Varint32();
  std::int64_t Signed();
  model::Int128 Wide();
  std::string Text() { return std::string(TextView()); }
  /// Valid as long as the bytes.
  std::string_view TextView();
  void SkipText() { TextView(); }
  /// Passes over a number of any width, in whatever spelling.
  void SkipVarint() {
    while ((Byte() & 0x80) != 0) {
    }
  }
  /// A count of things that take at least `least_bytes` each; fails when so many cannot follow.
  std::size_t Count(std::size_t least_bytes);

  /// `what` says for a person what is wrong; a literal. Only the first failure is kept.
  void Fail(const char* what) {
    if (what_ == nullptr) what_ = what;
  }
  bool failed() const { return what_ != nullptr; }
  const char* what() const { return what_ == nullptr ? "" : what_; }
  std::size_t offset() const { return offset_; }
  std::size_t remaining() const { return bytes_.size() - offset_; }

 private:
  std::string_view bytes_;
  std::size_t offset_ = 0;
  const char* what_ = nullptr;
};

}  // namespace fansipan::store::internal
