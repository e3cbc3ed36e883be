#include "model/text.h"

#include <gtest/gtest.h>

namespace fansipan::model {
namespace {

TEST(LowerCase, KnowsVietnamese) {
  EXPECT_EQ(LowerCase("ĐƯỜNG HOÀNG LIÊN, Ô Quý Hồ 12"), "đường hoàng liên, ô quý hồ 12");
  EXPECT_EQ(LowerCase(""), "");
}

TEST(LowerCase, LeavesBytesThatAreNoText) {
  EXPECT_EQ(LowerCase("\xC3"), "\xC3");
  EXPECT_EQ(LowerCase("\xC3\x41\xE1\xBA"), "\xC3\x61\xE1\xBA");
  EXPECT_EQ(LowerCase("\xFF\xC3\xC3\x80"), "\xFF\xC3\xC3\xA0");
}

}  // namespace
}  // namespace fansipan::model
