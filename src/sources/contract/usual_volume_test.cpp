#include "sources/contract/usual_volume.h"

#include <gtest/gtest.h>

namespace fansipan::sources {
namespace {

const std::deque<std::uint64_t> kSteady = {100, 104, 96, 101, 99, 103, 97, 100};

TEST(UsualVolume, IsNotLearntFromFewDeliveries) {
  EXPECT_FALSE(LearnUsualRows({100, 100, 100, 100, 100, 100, 100}));
  EXPECT_FALSE(JudgeVolume(center::VolumeBand{.learnt = true}, {100, 100}, 1));
}

TEST(UsualVolume, IsAQuarterAroundTheMedianOfASteadySource) {
  const auto usual = LearnUsualRows(kSteady);
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->least, 75U);
  EXPECT_EQ(usual->most, 125U);
}

TEST(UsualVolume, WidensWithHowMuchItsDeliveriesDiffer) {
  const auto usual = LearnUsualRows({10, 200, 100, 50, 150, 100, 30, 170});
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->least, 0U);
  EXPECT_GT(usual->most, 300U);
}

TEST(UsualVolume, IsNotMovedByOneOutlier) {
  auto rows = kSteady;
  rows.push_back(100'000);
  const auto usual = LearnUsualRows(rows);
  ASSERT_TRUE(usual);
  EXPECT_LT(usual->most, 150U);
}

TEST(UsualVolume, TellsWhatLiesOutsideOfWhatIsLearnt) {
  const center::VolumeBand band{.learnt = true};
  EXPECT_FALSE(JudgeVolume(band, kSteady, 75));
  EXPECT_FALSE(JudgeVolume(band, kSteady, 125));
  EXPECT_EQ(JudgeVolume(band, kSteady, 74), (model::UnusualVolume{74, 75, 125, true}));
  EXPECT_EQ(JudgeVolume(band, kSteady, 126), (model::UnusualVolume{126, 75, 125, true}));
}

TEST(UsualVolume, TellsWhatLiesOutsideOfWhatIsDeclaredFromTheFirstDeliveryOn) {
  const center::VolumeBand band{.learnt = false, .least = 100, .most = 5000};
  EXPECT_EQ(JudgeVolume(band, {}, 99), (model::UnusualVolume{99, 100, 5000, false}));
  EXPECT_FALSE(JudgeVolume(band, {}, 100));
  EXPECT_FALSE(JudgeVolume(std::nullopt, kSteady, 0));
}

}  // namespace
}  // namespace fansipan::sources
