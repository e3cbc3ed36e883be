#include "model/spelling/edit_distance.h"

#include <gtest/gtest.h>

namespace fansipan::model {
namespace {

TEST(EditDistance, CountsLetters) {
  EXPECT_EQ(EditDistance("nan xin", "nan sin"), 1U);
  EXPECT_EQ(EditDistance("nam rang", "nam dang"), 1U);
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("abc", "abc"), 0U);
}

}  // namespace
}  // namespace fansipan::model
