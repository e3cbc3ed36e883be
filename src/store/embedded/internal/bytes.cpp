#include "store/embedded/internal/bytes.h"

#include <limits>

namespace fansipan::store::internal {
namespace {

// Only a typedef takes __extension__. NOLINTNEXTLINE(modernize-use-using)
__extension__ typedef unsigned __int128 Unsigned128;

constexpr int kVarintBits = 64;
constexpr int kWideBits = 128;

// Seven bits a byte. A last byte of zero behind others, or bits above `bits`, is no accepted
// spelling.
template <typename Number>
Number ReadVarint(ByteReader& reader, int bits) {
  Number number = 0;
  for (int shift = 0; shift < bits; shift += 7) {
    const std::uint8_t byte = reader.Byte();
    const std::uint8_t low = byte & 0x7f;
    if (reader.failed()) return 0;
    if (bits - shift < 7 && (low >> (bits - shift)) != 0) break;
    number |= static_cast<Number>(low) << shift;
    if ((byte & 0x80) != 0) continue;
    if (byte == 0 && shift > 0) break;
    return number;
  }
  reader.Fail("a number is not spelled in its shortest form or does not fit");
  return 0;
}

template <typename Number>
void WriteVarint(std::string& bytes, Number number) {
  while (number >= 0x80) {
    bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(number & 0x7f) | 0x80));
    number >>= 7;
  }
  bytes.push_back(static_cast<char>(number));
}

}  // namespace

void ByteWriter::Fixed32(std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) Byte(static_cast<std::uint8_t>(number >> shift));
}

void ByteWriter::Fixed64(std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) Byte(static_cast<std::uint8_t>(number >> shift));
}

void ByteWriter::Varint(std::uint64_t number) { WriteVarint(bytes_, number); }

void ByteWriter::Signed(std::int64_t number) {
  WriteVarint(bytes_,
              (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

void ByteWriter::Wide(model::Int128 number) {
  WriteVarint(bytes_,
              (static_cast<Unsigned128>(number) << 1) ^ static_cast<Unsigned128>(number >> 127));
}

void ByteWriter::Text(std::string_view text) {
  Varint(text.size());
  bytes_.append(text);
}

std::uint32_t ByteReader::Fixed32() {
  std::uint32_t number = 0;
  for (int shift = 0; shift < 32; shift += 8) number |= static_cast<std::uint32_t>(Byte()) << shift;
  return number;
}

std::uint64_t ByteReader::Fixed64() {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 8) number |= static_cast<std::uint64_t>(Byte()) << shift;
  return number;
}

std::uint64_t ByteReader::Varint() {
  // Most numbers are one byte.
  const bool one_byte =
      !failed() && offset_ < bytes_.size() && (static_cast<unsigned char>(bytes_[offset_]) < 0x80);
  if (one_byte) return static_cast<unsigned char>(bytes_[offset_++]);
  return ReadVarint<std::uint64_t>(*this, kVarintBits);
}

std::uint32_t ByteReader::Varint32() {
  const std::uint64_t number = Varint();
  if (number <= std::numeric_limits<std::uint32_t>::max()) {
    return static_cast<std::uint32_t>(number);
  }
  Fail("a number is above 32 bits");
  return 0;
}

std::int64_t ByteReader::Signed() {
  const std::uint64_t number = Varint();
  return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
}

model::Int128 ByteReader::Wide() {
  const auto number = ReadVarint<Unsigned128>(*this, kWideBits);
  return static_cast<model::Int128>((number >> 1) ^ (~(number & 1) + 1));
}

std::string_view ByteReader::TextView() {
  const std::uint64_t length = Varint();
  if (failed()) return {};
  if (length > remaining()) {
    Fail("a text is longer than what follows");
    return {};
  }
  const std::string_view text = bytes_.substr(offset_, static_cast<std::size_t>(length));
  offset_ += text.size();
  return text;
}

std::size_t ByteReader::Count(std::size_t least_bytes) {
  const std::uint64_t count = Varint();
  if (failed()) return 0;
  if (count > remaining() / least_bytes) {
    Fail("a count is higher than what follows can hold");
    return 0;
  }
  return static_cast<std::size_t>(count);
}

}  // namespace fansipan::store::internal
