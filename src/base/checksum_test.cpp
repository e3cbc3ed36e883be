#include "base/checksum.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "base/random.h"

namespace fansipan::base {
namespace {

/// Bit by bit, as the definition has it.
std::uint32_t PlainCrc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

// Values of RFC 3720, appendix B.4.
TEST(Crc32c, GivesThePublishedValues) {
  std::string rising;
  for (char c = 0; c < 32; ++c) rising += c;
  EXPECT_EQ(Crc32c(""), 0U);
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(Crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(Crc32c(rising), 0x46DD794EU);
}

TEST(Crc32c, EqualsThePlainDefinitionAtEveryLength) {
  SeededRandom random(1);
  const std::string bytes = random.Bytes(200);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const std::string_view part = std::string_view(bytes).substr(bytes.size() - length);
    ASSERT_EQ(Crc32c(part), PlainCrc32c(part)) << "length " << length;
    ASSERT_EQ(Crc32cByTables(part), PlainCrc32c(part)) << "length " << length;
  }
}

TEST(Crc32c, ContinuesFromAnEarlierPart) {
  const std::string_view text = "the quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    ASSERT_EQ(Crc32c(text.substr(cut), Crc32c(text.substr(0, cut))), Crc32c(text));
  }
}

}  // namespace
}  // namespace fansipan::base
