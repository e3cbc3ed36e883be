#include "center/nearest.h"

#include <gtest/gtest.h>

namespace fansipan::center {
namespace {

const std::vector<std::string> kNames = {"finished", "finished_on_time", "open", "opened"};

TEST(NearestNames, FindsASlipOfThePen) {
  EXPECT_EQ(NearestNames("finnished", kNames, 1), std::vector<std::string>{"finished"});
  EXPECT_EQ(NearestNames("opene", kNames, 5), (std::vector<std::string>{"open", "opened"}));
}

TEST(NearestNames, FindsNothingForAnotherWord) {
  EXPECT_TRUE(NearestNames("territory", kNames, 3).empty());
  EXPECT_TRUE(NearestNames("", kNames, 3).empty());
  EXPECT_TRUE(NearestNames("xy", {"ab"}, 3).empty());
}

TEST(NearestNames, RefusesVeryLongWords) {
  EXPECT_TRUE(NearestNames(std::string(101, 'a'), {std::string(101, 'a')}, 1).empty());
}

}  // namespace
}  // namespace fansipan::center
