#include "base/hash.h"

#include <gtest/gtest.h>

namespace fansipan::base {
namespace {

// FIPS 180-2, appendix B.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(ToHex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ToHex, WritesTwoLowerCaseDigitsForEachByte) {
  EXPECT_EQ(ToHex(std::string_view("\x00\x0a\xff", 3)), "000aff");
}

TEST(Fingerprint, IsTheFirstHalfOfTheDigest) {
  const Fingerprint fingerprint = FingerprintOf("abc");
  EXPECT_EQ(fingerprint.high, 0xba7816bf8f01cfeaU);
  EXPECT_EQ(fingerprint.low, 0x414140de5dae2223U);
  EXPECT_EQ(fingerprint, FingerprintOf("abc"));
  EXPECT_NE(fingerprint, FingerprintOf("abd"));
}

}  // namespace
}  // namespace fansipan::base
