#include "sources/internal/base64.h"

#include <gtest/gtest.h>

namespace fansipan::sources::internal {
namespace {

TEST(Base64, ReadsTheVectorsOfItsStandard) {
  EXPECT_EQ(FromBase64(""), "");
  EXPECT_EQ(FromBase64("Zg=="), "f");
  EXPECT_EQ(FromBase64("Zm8="), "fo");
  EXPECT_EQ(FromBase64("Zm9v"), "foo");
  EXPECT_EQ(FromBase64(" Zm9v\r\n YmE=\n"), "fooba");
  EXPECT_EQ(FromBase64("+/8="), "\xFB\xFF");
}

TEST(Base64, RefusesWhatWasCutOff) {
  const std::string_view whole = "Zm9vYg==";  // foob
  ASSERT_EQ(FromBase64(whole), "foob");
  for (std::size_t length = 5; length < whole.size(); ++length) {
    EXPECT_EQ(FromBase64(whole.substr(0, length)), std::nullopt) << length;
  }
}

TEST(Base64, RefusesBitsThatNoByteTakes) {
  EXPECT_EQ(FromBase64("Zh=="), std::nullopt);
  EXPECT_EQ(FromBase64("Zm9="), std::nullopt);
}

TEST(Base64, RefusesOtherLettersAndPaddingInTheMiddle) {
  EXPECT_EQ(FromBase64("Zm9v-_8="), std::nullopt);
  EXPECT_EQ(FromBase64("Zg==Zg=="), std::nullopt);
  EXPECT_EQ(FromBase64("===="), std::nullopt);
  EXPECT_EQ(FromBase64("Z==="), std::nullopt);
}

}  // namespace
}  // namespace fansipan::sources::internal
