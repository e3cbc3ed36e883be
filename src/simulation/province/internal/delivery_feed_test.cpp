#include "simulation/province/internal/delivery_feed.h"

#include <gtest/gtest.h>

#include "simulation/testing/listed_model.h"

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

const base::Timestamp kNow = sys_days(2026y / 11 / 23);
constexpr base::Duration kNotAhead{0};

class DeliveryFeedTest : public ::testing::Test {
 protected:
  DeliveryFeedTest() {
    auto budget = std::make_unique<ListedModel>(
        std::vector<std::string>{"budget"}, days(10),
        std::vector<SystemDelivery>{ListedDelivery(kNow - days(10), "budget", "a"),
                                    ListedDelivery(kNow - days(2), "budget", "c"),
                                    ListedDelivery(kNow, "budget", "e"),
                                    ListedDelivery(kNow + hours(1), "budget", "f")});
    budget_ = budget.get();
    models_["budget"] = std::move(budget);
    models_["schools"] = std::make_unique<ListedModel>(
        std::vector<std::string>{"schools"}, days(3),
        std::vector<SystemDelivery>{ListedDelivery(kNow - days(9), "schools", "too old"),
                                    ListedDelivery(kNow - days(3), "schools", "b"),
                                    ListedDelivery(kNow - days(2), "schools", "d")});
  }

  static std::string Values(const std::vector<SystemDelivery>& deliveries) {
    std::string values;
    for (const SystemDelivery& each : deliveries) {
      const std::size_t begin = each.body.find("giaTri\":\"") + 9;
      values += each.body.substr(begin, each.body.find('"', begin) - begin) + " ";
    }
    return values;
  }

  ProvinceModels models_;
  const ListedModel* budget_ = nullptr;
};

TEST_F(DeliveryFeedTest, MergesHistoriesInTheOrderOfMomentsAndThenOfSystems) {
  DeliveryFeed feed(models_, kNow, std::nullopt);
  EXPECT_EQ(feed.begin(), kNow - days(10));
  EXPECT_EQ(Values(feed.Take(kNow, kNotAhead)), "a b c d ");
  EXPECT_EQ(Values(feed.Take(kNow, kNotAhead)), "");
}

TEST_F(DeliveryFeedTest, GivesTheSameInPieces) {
  DeliveryFeed feed(models_, kNow, std::nullopt);
  std::string values;
  for (base::Timestamp until = feed.begin(); until <= kNow + hours(2); until += hours(1)) {
    values += Values(feed.Take(until, kNotAhead));
  }
  EXPECT_EQ(values, "a b c d e f ");
}

TEST_F(DeliveryFeedTest, GoesBackNoFurtherThanAsked) {
  DeliveryFeed feed(models_, kNow, days(2));
  EXPECT_EQ(feed.begin(), kNow - days(2));
  EXPECT_EQ(Values(feed.Take(kNow, kNotAhead)), "c d ");
}

TEST_F(DeliveryFeedTest, KeepsWhatItAskedAheadUntilItsMoment) {
  DeliveryFeed feed(models_, kNow, base::Duration(0));
  EXPECT_EQ(Values(feed.Take(kNow + base::Duration(1), hours(2))), "e ");
  EXPECT_EQ(Values(feed.Take(kNow + hours(1), hours(2))), "");  // the end does not belong to it
  EXPECT_EQ(Values(feed.Take(kNow + hours(2), hours(2))), "f ");
  EXPECT_EQ(budget_->asked().size(), 1U);
}

TEST_F(DeliveryFeedTest, BeginsNowWithoutModels) {
  const ProvinceModels none;
  EXPECT_EQ(DeliveryFeed(none, kNow, std::nullopt).begin(), kNow);
}

}  // namespace
}  // namespace fansipan::simulation::internal
