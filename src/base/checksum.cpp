#include "base/checksum.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace fansipan::base {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78U;

constexpr std::array<std::array<std::uint32_t, 256>, 8> MakeTables() {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) ? (crc >> 1U) ^ kPolynomial : crc >> 1U;
    tables[0][i] = crc;
  }
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t slice = 1; slice < 8; ++slice) {
      const std::uint32_t previous = tables[slice - 1][i];
      tables[slice][i] = (previous >> 8U) ^ tables[0][previous & 0xFFU];
    }
  }
  return tables;
}

constexpr auto kTables = MakeTables();

std::uint32_t Byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

std::uint32_t Crc32cByTables(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    const std::uint32_t low = crc ^ (Byte(bytes, at) | Byte(bytes, at + 1) << 8U |
                                     Byte(bytes, at + 2) << 16U | Byte(bytes, at + 3) << 24U);
    crc = kTables[7][low & 0xFFU] ^ kTables[6][(low >> 8U) & 0xFFU] ^
          kTables[5][(low >> 16U) & 0xFFU] ^ kTables[4][low >> 24U] ^
          kTables[3][Byte(bytes, at + 4)] ^ kTables[2][Byte(bytes, at + 5)] ^
          kTables[1][Byte(bytes, at + 6)] ^ kTables[0][Byte(bytes, at + 7)];
  }
  for (; at < bytes.size(); ++at) crc = (crc >> 8U) ^ kTables[0][(crc ^ Byte(bytes, at)) & 0xFFU];
  return ~crc;
}

#if defined(__x86_64__)
namespace {

__attribute__((target("sse4.2"))) std::uint32_t ByInstruction(std::string_view bytes,
                                                              std::uint32_t seed) {
  std::uint64_t crc = ~seed;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    crc = __builtin_ia32_crc32di(crc, word);
  }
  auto rest = static_cast<std::uint32_t>(crc);
  for (; at < bytes.size(); ++at) {
    rest = __builtin_ia32_crc32qi(rest, static_cast<unsigned char>(bytes[at]));
  }
  return ~rest;
}

}  // namespace

std::uint32_t Crc32c(std::string_view bytes, std::uint32_t seed) {
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  return has_instruction ? ByInstruction(bytes, seed) : Crc32cByTables(bytes, seed);
}
#else
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t seed) {
  return Crc32cByTables(bytes, seed);
}
#endif

}  // namespace fansipan::base
